using KlCore.Losses;
using static KlCore.Tests.Losses.LossSample;

namespace KlCore.Tests.Losses;

/// <summary>Closed identities, accuracy where p and q nearly agree or lie far apart, and what frameworks are often taken for.</summary>
public sealed class LossIdentityTests
{
    private static readonly double[] Teacher = [2.5, 1, 0.25, -1, -2, 0.5];
    private static readonly double[] Student = [1, 1.5, -0.5, 0, -3, 1];

    [Fact]
    public void ForwardKl_OfHandValues_IsThatOfTheDefinition()
    {
        // p = (1/2, 1/4, 1/4), q = (1/4, 1/2, 1/4).
        double[] teacher = [Math.Log(2), 0, 0], student = [0, Math.Log(2), 0];
        Assert.Equal(0.25 * Math.Log(2), Value(new ForwardKullbackLeibler(), teacher, student), 1e-16);
        Assert.Equal(0.25, Value(new TotalVariation(), teacher, student), 1e-16);
        Assert.Equal([-0.25, 0.25, 0], Gradient(new ForwardKullbackLeibler(), teacher, student)!.Select(slope => Math.Round(slope, 15) + 0.0));
    }

    [Fact]
    public void JensenShannon_DividedByBeta_TendsToTheForwardKlButIsZeroAtTheEnd()
    {
        var forward = Value(new ForwardKullbackLeibler(), Teacher, Student);
        foreach (var beta in new[] { 1e-6, 1e-9, 1e-12 })
            Assert.Equal(forward, Value(new JensenShannon { Beta = beta }, Teacher, Student) / beta, 20 * beta + 1e-12);
        var reverse = Value(new ReverseKullbackLeibler(), Teacher, Student);
        Assert.Equal(reverse, Value(new JensenShannon { Beta = 1 - 1e-9 }, Teacher, Student) / 1e-9, 1e-6);
        foreach (var end in new[] { 0.0, 1 })
        {
            var found = LossEvaluation.Of(new JensenShannon { Beta = end }, Batch([Teacher], [Student]), new LossOptions { Gradient = true });
            Assert.Equal(0, found.Reductions.Sum);
            Assert.All(found.Gradient!.Rows[0]!, slope => Assert.Equal(0, slope));
            Assert.Contains("discontinuity", Assert.Single(found.Warnings));
        }
    }

    [Fact]
    public void Jeffreys_IsTheSumOfBothDirections() =>
        Assert.Equal(Value(new ForwardKullbackLeibler(), Teacher, Student) + Value(new ReverseKullbackLeibler(), Teacher, Student), Value(new Jeffreys(), Teacher, Student), 1e-15);

    /// <summary>What DistiLLM, torchtune and TAID call forward KL has H(p) too much, and the same gradient.</summary>
    [Fact]
    public void SoftCrossEntropy_IsForwardKlAndTheTeachersEntropy()
    {
        var p = Softmax(Teacher);
        var entropy = -p.Sum(x => x * Math.Log(x));
        Assert.Equal(Value(new ForwardKullbackLeibler(), Teacher, Student) + entropy, Value(new SoftCrossEntropy(), Teacher, Student), 1e-14);
        Assert.Equal(entropy, Value(new SoftCrossEntropy(), Teacher, Teacher), 1e-14);
        Assert.Equal(Gradient(new ForwardKullbackLeibler(), Teacher, Student)!, Gradient(new SoftCrossEntropy(), Teacher, Student)!);
    }

    [Fact]
    public void Skew_AtLambdaZero_IsTheKlItSkews()
    {
        Assert.Equal(Value(new ForwardKullbackLeibler(), Teacher, Student), Value(new SkewForward { Lambda = 0 }, Teacher, Student), 1e-15);
        Assert.Equal(Value(new ReverseKullbackLeibler(), Teacher, Student), Value(new SkewReverse { Lambda = 0 }, Teacher, Student), 1e-15);
    }

    [Theory]
    [InlineData(Tail.None)]
    [InlineData(Tail.Renormalise)]
    [InlineData(Tail.Bucket)]
    public void TopK_OfTheWholeVocabulary_IsTheForwardKl(Tail tail)
    {
        // Of the bucket's 1 - P nothing may be left, or the residual of 1e-16 over 0 would be infinite.
        foreach (var k in new[] { Teacher.Length, Teacher.Length + 1, int.MaxValue })
        {
            Assert.Equal(Value(new ForwardKullbackLeibler(), Teacher, Student), Value(new TopK { K = k, Tail = tail }, Teacher, Student));
            Assert.Equal(Gradient(new ForwardKullbackLeibler(), Teacher, Student)!, Gradient(new TopK { K = k, Tail = tail }, Teacher, Student)!);
        }
    }

    [Fact]
    public void TopK_WithABucket_HasTheFullGradientOnItsTokens()
    {
        var (full, bucket) = (Gradient(new ForwardKullbackLeibler(), Teacher, Student)!, Gradient(new TopK { K = 3, Tail = Tail.Bucket }, Teacher, Student)!);
        int[] kept = [0, 1, 5];
        foreach (var token in kept) Assert.Equal(full[token], bucket[token]);
        Assert.NotEqual(full[2], bucket[2]);
    }

    [Fact]
    public void TopK_WithoutATail_MayBeNegativeAndSaysSo()
    {
        var found = LossEvaluation.Of(new TopK { K = 1, Tail = Tail.None }, Batch([[1, 0, 0]], [[5, 0, 0]]), new LossOptions());
        Assert.True(found.Reductions.Sum < 0);
        Assert.Contains("no divergence", Assert.Single(found.Warnings));
    }

    [Fact]
    public void TopK_EqualLogits_KeepTheFirst()
    {
        var gradient = Gradient(new TopK { K = 1, Tail = Tail.Renormalise }, [0, 3, 3, 0], [0, 1, 2, 0])!;
        var none = Gradient(new TopK { K = 1, Tail = Tail.None }, [0, 3, 3, 0], [0, 1, 2, 0])!;
        Assert.All(gradient, slope => Assert.Equal(0, slope));
        Assert.True(none[1] < 0 && none[2] > 0);
    }

    /// <summary>The teacher's order is 1, 0, 2: with mu = .7 the head is tokens 1 and 0, and the gap at 0 counts as head although 0 comes first.</summary>
    [Fact]
    public void Adaptive_HeadInSortedOrder_IsMappedBackToTheVocabulary()
    {
        double[] p = [0.25, 0.375, 0.1875, 0.1875], q = [0.125, 0.375, 0.25, 0.25];
        double[] teacher = [.. p.Select(x => Math.Log(x))], student = [.. q.Select(x => Math.Log(x))];
        var (forward, reverse) = (Value(new ForwardKullbackLeibler(), teacher, student), Value(new ReverseKullbackLeibler(), teacher, student));
        // |p - q| = (1/8, 0, 1/16, 1/16): half of the gap is in the head.
        Assert.Equal((forward + reverse) / 2, Value(new Adaptive { Mu = 0.7 }, teacher, student), 1e-15);
        // The first token is head whatever mu is; its gap is 0.
        Assert.Equal(reverse, Value(new Adaptive { Mu = 0 }, teacher, student), 1e-15);
        Assert.Equal(forward, Value(new Adaptive { Mu = 1 }, teacher, student), 1e-15);
    }

    [Fact]
    public void Adaptive_GradientWithItsWeightsHeld_IsTheMixtureOfBoth()
    {
        var (forward, reverse) = (Gradient(new ForwardKullbackLeibler(), Teacher, Student)!, Gradient(new ReverseKullbackLeibler(), Teacher, Student)!);
        var (f, r) = (Value(new ForwardKullbackLeibler(), Teacher, Student), Value(new ReverseKullbackLeibler(), Teacher, Student));
        var share = (Value(new Adaptive(), Teacher, Student) - r) / (f - r);
        Assert.InRange(share, 0.01, 0.99);
        var gradient = Gradient(new Adaptive(), Teacher, Student)!;
        for (var i = 0; i < gradient.Length; i++) Assert.Equal(share * forward[i] + (1 - share) * reverse[i], gradient[i], 1e-13);
    }

    /// <summary>KL(p || q) = KL(b_p || b_q) + (1 - p_y) KL(p' || q'), and Hinton's T^2 is part of the definition.</summary>
    [Fact]
    public void Decoupled_WithTheRestsOwnWeight_IsTheForwardKl()
    {
        var weight = 1 - Softmax(Teacher)[1];
        Assert.Equal(Value(new ForwardKullbackLeibler(), Teacher, Student), Value(new Decoupled { Alpha = 1, Beta = weight }, Teacher, Student), 1e-14);
        var soft = 1 - Softmax([.. Teacher.Select(t => t / 2)])[1];
        Assert.Equal(4 * Value(new ForwardKullbackLeibler(), Teacher, Student, 2), Value(new Decoupled { Alpha = 1, Beta = soft }, Teacher, Student, 2), 1e-14);
    }

    [Fact]
    public void Decoupled_TeacherCertainOfTheLabel_IsNotComputable()
    {
        var certain = Assert.Throws<NotComputableException>(() => Value(new Decoupled(), [double.NegativeInfinity, 1, double.NegativeInfinity], [1, 2, 3]));
        Assert.Equal("teacher-certain", certain.Code);
    }

    /// <summary>For z = t + e d the KL is e^2/2 Var_p(d) (1 + O(e)), and the Jensen-Shannon divergence beta (1 - beta) of that.</summary>
    [Theory]
    [InlineData(1e-6, 1e-5)]
    [InlineData(1e-12, 1e-4)]
    public void Value_ForNearlyEqualLogits_KeepsItsDigits(double size, double tolerance)
    {
        // Gaps are taken from the rounded logits themselves.
        double[] student = [.. Teacher.Select((t, i) => t + size * (i % 3 - 0.75))];
        var (p, gaps) = (Softmax(Teacher), Teacher.Select((t, i) => student[i] - t).ToArray());
        var mean = p.Select((x, i) => x * gaps[i]).Sum();
        var half = p.Select((x, i) => x * (gaps[i] - mean) * (gaps[i] - mean)).Sum() / 2;
        void Near(double expected, Loss loss) => Assert.Equal(1, Value(loss, Teacher, student) / expected, tolerance);
        Near(half, new ForwardKullbackLeibler());
        Near(half, new ReverseKullbackLeibler());
        Near(2 * half, new Jeffreys());
        Near(0.21 * half, new JensenShannon { Beta = 0.3 });
        Near(0.81 * half, new SkewForward());
        Near(0.81 * half, new SkewReverse());
        Near(half, new Adaptive());
        Loss[] likeForward = [new ForwardKullbackLeibler(), new ReverseKullbackLeibler(), new Adaptive()];
        foreach (var loss in likeForward)
        {
            var gradient = Gradient(loss, Teacher, student)!;
            for (var i = 0; i < p.Length; i++) Assert.Equal(1, gradient[i] / (p[i] * (gaps[i] - mean)), tolerance);
        }

        var mixture = Gradient(new JensenShannon { Beta = 0.3 }, Teacher, student)!;
        for (var i = 0; i < p.Length; i++) Assert.Equal(1, mixture[i] / (0.21 * p[i] * (gaps[i] - mean)), tolerance);
    }

    [Fact]
    public void Value_LogitsSixteenHundredApart_IsFiniteAndExact()
    {
        double[] teacher = [800, 800, -800], student = [800, -800, -800];
        // Half of p lies where ln q = -1600.
        Assert.Equal(800 - Math.Log(2), Value(new ForwardKullbackLeibler(), teacher, student), 1e-12);
        // The bucket has ln S = -1600 + ln 2.
        Assert.Equal(800 - 1.5 * Math.Log(2), Value(new TopK { K = 1, Tail = Tail.Bucket }, teacher, student), 1e-12);
        Assert.Equal(1600, Value(new ReverseKullbackLeibler(), [800, -800], [-800, 800]), 1e-12);
        Assert.Equal(1600, Value(new CrossEntropy(), [0, 0], [800, -800]), 1e-12);
        var bucket = Gradient(new TopK { K = 1, Tail = Tail.Bucket }, teacher, student)!;
        Assert.Equal(0.5, bucket[0], 1e-12);
        // The bucket's gap of -1/2 is shared as the student shares its mass there: evenly.
        Assert.Equal(-0.25, bucket[1], 1e-12);
        Assert.Equal(-0.25, bucket[2], 1e-12);
    }

    /// <summary>
    /// With q = (1 - e, e), e = e^-200, and p even: the gradient is -q_0 q_1 (g_1 - g_0), of which every digit counts although q_0 is 1.
    /// </summary>
    [Fact]
    public void Gradient_StudentAllButCertain_KeepsItsDigits()
    {
        var e = Math.Exp(-200);
        void Near(double gap, Loss loss)
        {
            var gradient = Gradient(loss, [0, 0], [200, 0])!;
            Assert.Equal(1, gradient[0] / (-e * gap), 1e-13);
            Assert.Equal(1, gradient[1] / (e * gap), 1e-13);
        }

        // g = ln(q/p), so g_1 - g_0 = -200; with m = (1 + q)/2 of the others ln(q/m) up to e.
        Near(-200, new ReverseKullbackLeibler());
        Near(0.5 * (-200 - Math.Log(0.25) + Math.Log(0.75)), new JensenShannon());
        // g = -(1 - l) p/m: m = (3/4, 1/4), p/m = (2/3, 2).
        Near(-0.5 * (2 - 2.0 / 3), new SkewForward { Lambda = 0.5 });
    }

    [Fact]
    public void Value_TokensMaskedOnBothSides_AreAsIfTheyWereNotThere()
    {
        const double Masked = double.NegativeInfinity;
        foreach (var loss in All.Where(loss => loss is not MeanSquaredError))
        {
            var value = Value(loss, [1, 2, 0.5], [0, 1, 2]);
            Assert.Equal(value, Value(loss, [1, 2, 0.5, Masked], [0, 1, 2, Masked]), 1e-15 + 1e-14 * Math.Abs(value));
        }
    }

    [Fact]
    public void Value_TokenMaskedForTheStudentOnly_IsInfiniteWhereTheFormulaIs()
    {
        double[] teacher = [1, 2, 0], student = [1, 2, double.NegativeInfinity];
        Loss[] infinite = [new ForwardKullbackLeibler(), new Jeffreys(), new SoftCrossEntropy(), new MeanSquaredError(), new TopK { K = 2, Tail = Tail.Bucket }, new Decoupled()];
        Loss[] finite = [new ReverseKullbackLeibler(), new JensenShannon(), new SkewForward(), new SkewReverse(), new TotalVariation(), new CrossEntropy(), new TopK { K = 2, Tail = Tail.Renormalise }];
        Assert.All(infinite, loss => Assert.Equal(double.PositiveInfinity, Value(loss, teacher, student)));
        Assert.All(finite, loss => Assert.True(double.IsFinite(Value(loss, teacher, student))));
        var found = LossEvaluation.Of(new ForwardKullbackLeibler(), Batch([teacher, teacher], [student, teacher]), new LossOptions { Gradient = true });
        Assert.Equal(double.PositiveInfinity, found.Reductions.TokenMean);
        Assert.Null(found.Gradient!.Rows[0]);
        Assert.NotNull(found.Gradient.Rows[1]);
        Assert.StartsWith("1 of 2 positions are infinite", Assert.Single(found.Warnings));
    }

    internal static double[] Softmax(double[] logits)
    {
        var weights = logits.Select(x => Math.Exp(x - logits.Max())).ToArray();
        return [.. weights.Select(w => w / weights.Sum())];
    }
}
