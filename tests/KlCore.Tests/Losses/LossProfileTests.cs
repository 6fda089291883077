using KlCore.Losses;
using static KlCore.Tests.Losses.LossSample;

namespace KlCore.Tests.Losses;

public sealed class LossProfileTests
{
    private static readonly double Nothing = double.NegativeInfinity;

    /// <summary>The teacher has two likely tokens, the student but one of them.</summary>
    private static readonly DistillationBatch Narrow = Probabilities([0.45, 0.45, 0.05, 0.05], [0.88, 0.04, 0.04, 0.04]);

    /// <summary>The student spreads over tokens that the teacher deems unlikely.</summary>
    private static readonly DistillationBatch Broad = Probabilities(
        [0.5, 0.46, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005], [0.45, 0.41, 0.0175, 0.0175, 0.0175, 0.0175, 0.0175, 0.0175, 0.0175, 0.0175]);

    [Fact]
    public void Profile_ByDefault_HoldsEveryLossThatNeedsNoLabels()
    {
        var profile = LossProfile.Of(null, Batch(Rows(1, 3, 8, 2), Rows(2, 3, 8, 2)), new LossOptions());
        Assert.Equal(LossCatalogue.All.Where(entry => !entry.Description.NeedsLabels).Select(entry => entry.Type), profile.Losses.Select(loss => loss.Loss.GetType()));
        var labelled = LossProfile.Of(null, Batch(Rows(1, 3, 8, 2), Rows(2, 3, 8, 2), [0, 7, -100]), new LossOptions());
        Assert.Equal(LossCatalogue.All.Count, labelled.Losses.Count);
    }

    [Fact]
    public void Profile_ValuesAndNorms_AreThoseOfEachLossByItself()
    {
        var batch = Batch(Rows(1, 5, 8, 2), Rows(2, 5, 8, 2), [0, 7, -100, 3, 3]);
        var options = new LossOptions { Temperature = 1.5, Unit = Unit.Bits, Gradient = true, ScaleByTemperatureSquared = true };
        foreach (var profiled in LossProfile.Of(All, batch, options).Losses)
        {
            var alone = LossEvaluation.Of(profiled.Loss, batch, options);
            Assert.Equal(alone.Reductions.TokenMean, profiled.Value, 1e-13);
            Assert.Equal(alone.Gradient!.Rows.Sum(row => Math.Sqrt(row!.Sum(slope => slope * slope))) / 4, profiled.GradientNorm, 1e-13);
        }
    }

    [Fact]
    public void Cosines_AreThoseOfTheGradientsOfAllPositionsInOne()
    {
        var batch = Batch(Rows(1, 4, 9, 2), Rows(2, 4, 9, 2));
        Loss[] losses = [new ForwardKullbackLeibler(), new ReverseKullbackLeibler(), new SoftCrossEntropy()];
        var matrix = LossProfile.Of(losses, batch, new LossOptions()).Cosines.Matrix;
        double[][] gradients = [.. losses.Select(loss => LossEvaluation.Of(loss, batch, new LossOptions { Gradient = true }).Gradient!.Rows.SelectMany(row => row!).ToArray())];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                Assert.Equal(Dot(gradients[i], gradients[j]) / Math.Sqrt(Dot(gradients[i], gradients[i]) * Dot(gradients[j], gradients[j])), matrix[i][j]!.Value, 1e-14);
        Assert.Equal(1, matrix[0][2]!.Value, 1e-15);

        static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    [Fact]
    public void Cosines_WhereALossIsInfinite_LeaveThatPositionOut()
    {
        var (teacher, student) = (Rows(1, 3, 4, 2), Rows(2, 3, 4, 2));
        Loss[] losses = [new ForwardKullbackLeibler(), new JensenShannon()];
        var expected = LossProfile.Of(losses, Batch(teacher[1..], student[1..]), new LossOptions());
        student[0][2] = Nothing;
        var profile = LossProfile.Of(losses, Batch(teacher, student), new LossOptions());
        Assert.Equal(expected.Cosines.Matrix[0][1]!.Value, profile.Cosines.Matrix[0][1]!.Value, 1e-15);
        Assert.Equal((double.PositiveInfinity, 1), (profile.Losses[0].Value, profile.Losses[0].Infinite));
        Assert.Equal(expected.Losses[0].GradientNorm, profile.Losses[0].GradientNorm, 1e-15);
        Assert.Contains(profile.Warnings, warning => warning.StartsWith("forward-kl is infinite at 1 of 3", StringComparison.Ordinal));
    }

    [Fact]
    public void Cosines_OfAPerfectStudent_AreUnknown()
    {
        var rows = Rows(1, 2, 4, 2);
        var profile = LossProfile.Of([new ForwardKullbackLeibler(), new CrossEntropy()], Batch(rows, rows, [0, 1]), new LossOptions());
        Assert.Null(profile.Cosines.Matrix[0][1]);
        Assert.Null(profile.Losses[0].GradientInHead);
        Assert.Equal(LossDirection.Either, profile.Advice.Direction);
    }

    [Fact]
    public void Gap_OfHandValues_IsThatOfItsDefinitions()
    {
        var gap = LossProfile.Of(null, Narrow, new LossOptions()).Gap;
        Assert.Equal(1, gap.HeadTokens);
        Assert.Equal(0.45, gap.HeadMassTeacher, 1e-15);
        Assert.Equal(0.88, gap.HeadMassStudent, 1e-15);
        // |p - q| = .43 .41 .01 .01.
        Assert.Equal(0.43, gap.TotalVariation, 1e-15);
        Assert.Equal(0.5, gap.HeadShare, 1e-15);
        Assert.Equal(1, gap.HeadShare + gap.TailShare, 1e-15);
        Assert.Equal(0.45, gap.Missed, 1e-15);
        Assert.Equal(0, gap.Invented, 1e-15);
        Assert.Equal(-0.9 * Math.Log(0.45) - 0.1 * Math.Log(0.05), gap.EntropyTeacher, 1e-14);
    }

    [Fact]
    public void Advice_StudentThatMissesAMode_IsForward()
    {
        var advice = LossProfile.Of(null, Narrow, new LossOptions()).Advice;
        Assert.Equal(LossDirection.Forward, advice.Direction);
        Assert.IsType<ForwardKullbackLeibler>(advice.Loss);
        Assert.Contains("45.0 %", advice.Because[1]);
    }

    [Fact]
    public void Advice_StudentThatInventsATail_IsReverse()
    {
        var advice = LossProfile.Of(null, Broad, new LossOptions()).Advice;
        Assert.Equal(LossDirection.Reverse, advice.Direction);
        Assert.IsType<ReverseKullbackLeibler>(advice.Loss);
    }

    /// <summary>The gap lies in the head, but what the student does there is to invent.</summary>
    [Fact]
    public void Advice_SignsThatDisagree_IsBetween()
    {
        var profile = LossProfile.Of(null, Probabilities([0.25, 0.25, 0.25, 0.25], [0.13, 0.85, 0.01, 0.01]), new LossOptions());
        Assert.Equal(0.6, profile.Gap.HeadShare, 1e-15);
        Assert.Equal((0.5, 0.85), (profile.Gap.Missed, Math.Round(profile.Gap.Invented, 15)));
        Assert.Equal(LossDirection.Between, profile.Advice.Direction);
        Assert.IsType<Adaptive>(profile.Advice.Loss);
    }

    [Fact]
    public void Advice_CloseStudent_IsThatItMakesNoDifference()
    {
        var teacher = Rows(1, 4, 6, 2);
        double[][] student = [.. teacher.Select(row => row.Select((t, i) => t + 0.01 * (i % 3)).ToArray())];
        var advice = LossProfile.Of(null, Batch(teacher, student), new LossOptions()).Advice;
        Assert.Equal(LossDirection.Either, advice.Direction);
    }

    [Fact]
    public void Advice_MaskedTokens_IsWhatStaysFinite()
    {
        Assert.Equal(LossDirection.Reverse, Direction([0, 1, 2], [0, 1, Nothing]));
        Assert.Equal(LossDirection.Forward, Direction([0, 1, Nothing], [0, 1, 2]));
        Assert.Equal(LossDirection.Between, Direction([0, Nothing, 1], [0, 1, Nothing]));

        static LossDirection Direction(double[] teacher, double[] student) => LossProfile.Of(null, Batch([teacher], [student]), new LossOptions()).Advice.Direction;
    }

    [Fact]
    public void Profile_LossThatIsNotDefinedSomewhere_IsLeftOutWithAWarning()
    {
        var profile = LossProfile.Of([new Decoupled(), new JensenShannon()], Batch([[0, 1], [1, Nothing]], [[1, 0], [0, 0]], [0, 0]), new LossOptions());
        Assert.IsType<JensenShannon>(Assert.Single(profile.Losses).Loss);
        Assert.Contains(profile.Warnings, warning => warning.StartsWith("left out: decoupled", StringComparison.Ordinal));
    }

    [Fact]
    public void Profile_NothingToCount_IsNotComputable() =>
        Assert.Equal("no-positions", Assert.Throws<NotComputableException>(() => LossProfile.Of(null, Batch([[0, 1]], [[1, 0]], [-100]), new LossOptions())).Code);

    [Fact]
    public void Profile_LogitsWhoseSquaresOverflow_HasNoNaN()
    {
        foreach (var huge in new[] { 1e150, 1e200, 1e308, double.MaxValue })
        {
            foreach (var temperature in new[] { 1e-3, 1, 1e3 })
            {
                var profile = LossProfile.Of(All, Batch([[5, huge, 0, -huge], [0, 1, 2, 3]], [[huge, 1, -huge, 0], [3, 2, 1, 0]], [0, 1]), new LossOptions { Temperature = temperature });
                Assert.All(profile.Losses, loss => Assert.False(double.IsNaN(loss.Value) || double.IsNaN(loss.GradientNorm) || loss.GradientInHead is double.NaN));
                Assert.All(profile.Cosines.Matrix.SelectMany(row => row), cosine => Assert.False(cosine is double.NaN));
            }
        }
    }

    [Fact]
    public void Profile_MoreThanTheMostWork_IsTooCostly()
    {
        var row = new double[1 << 20];
        var rows = Enumerable.Repeat(row, 26).ToArray();
        Assert.Throws<TooCostlyException>(() => LossProfile.Of(null, Batch(rows, rows), new LossOptions()));
    }

    /// <summary>Fifty losses have 1275 pairs of gradients, whose inner products cost more than the losses.</summary>
    [Fact]
    public void Profile_PairsOfGradients_AreCountedAsWork()
    {
        var rows = Enumerable.Repeat(new double[1 << 16], 64).ToArray();
        var refused = Assert.Throws<TooCostlyException>(() => LossProfile.Of(Fifty(), Batch(rows, rows), new LossOptions()));
        Assert.Contains("pairs of losses", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_LossesTimesVocabulary_AreBounded()
    {
        double[][] rows = [new double[400_000]];
        var refused = Assert.Throws<TooCostlyException>(() => LossProfile.Of(Fifty(), Batch(rows, rows), new LossOptions()));
        Assert.Contains("16777216", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_TheSameLossTwice_IsRefusedAtTheSecond()
    {
        var refused = Assert.Throws<InvalidInputException>(() => LossProfile.Of([new SkewForward(), new SkewForward { Lambda = 0.5 }, new SkewForward()], Batch([[0, 1]], [[1, 0]]), new LossOptions()));
        Assert.StartsWith("/losses/2: ", refused.Message, StringComparison.Ordinal);
    }

    private static Loss[] Fifty() => [.. Enumerable.Range(1, 50).Select(i => new JensenShannon { Beta = i / 51.0 })];

    private static DistillationBatch Probabilities(double[] teacher, double[] student) =>
        Batch([[.. teacher.Select(x => Math.Log(x))]], [[.. student.Select(x => Math.Log(x))]]);
}
