using KlCore.Formats;
using KlCore.Logits;

namespace KlCore.Tests.Logits;

public sealed class RowRankTests
{
    [Theory]
    [InlineData(ElementType.F64)]
    [InlineData(ElementType.F32)]
    [InlineData(ElementType.F16)]
    [InlineData(ElementType.Bf16)]
    public void Compare_TopLists_AgreeWithSorting(ElementType element)
    {
        int[] sizes = [1, 2, 5, 10, 100, 1000];
        foreach (var (count, grid) in new[] { (1, 0.0), (4, 0), (50, 0), (3000, 0), (3000, 0.5), (1025, 3) })
        {
            for (var seed = 0; seed < 5; seed++)
            {
                var (x, y) = RandomRows.Pair(seed, count, 3, 0.7);
                // A coarse grid makes ties, also at the top and at the ends of the lists.
                if (grid > 0) (x, y) = (Array.ConvertAll(x, value => Math.Round(value / grid) * grid), Array.ConvertAll(y, value => Math.Round(value / grid) * grid));
                (x, y) = (Rows.Rounded(x, element), Rows.Rounded(y, element));
                for (var i = 0; i < count; i += 7) x[i] = y[i] = double.NegativeInfinity;
                if (count == 1) x[0] = y[0] = 1;
                var position = Rows.Compare(x, y, element, element, options: new RowOptions { TopK = sizes });
                var (orderP, orderQ) = (Order(x), Order(y));
                Assert.Equal((orderP[0], orderQ[0], 1 + Array.IndexOf(orderQ, orderP[0])), (position.TopP, position.TopQ, position.RankInQ));
                for (var k = 0; k < sizes.Length; k++)
                {
                    Assert.Equal(orderP.Take(sizes[k]).Intersect(orderQ.Take(sizes[k])).Count(), position.Overlap[k]);
                    Assert.Equal(orderP.Zip(orderQ).Take(sizes[k]).TakeWhile(pair => pair.First == pair.Second).Count(), position.OrderedMatch[k]);
                }
            }
        }
    }

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-250)]
    public void Compare_TopOfPFarBelowInQ_HasTheRankOfSorting(double logit)
    {
        foreach (var element in Enum.GetValues<ElementType>())
        {
            foreach (var (count, top) in new[] { (3, 1), (131, 130), (3001, 2), (3001, 1700), (3001, 3000) })
            {
                var (x, y) = RandomRows.Pair(count, count, 3, 0.7);
                (x, y) = (Rows.Rounded(x, element), Rows.Rounded(y, element));
                x[top] = 50;
                for (var i = 1; i < count; i += 3) y[i] = logit;
                y[top] = logit;
                var position = Rows.Compare(x, y, element, element);
                Assert.Equal((top, 1 + Array.IndexOf(Order(y), top)), (position.TopP, position.RankInQ));
            }
        }
    }

    [Fact]
    public void Compare_NegativeZero_IsNoLessThanZero()
    {
        foreach (var element in Enum.GetValues<ElementType>())
        {
            var position = Rows.Compare([-1, -0.0, 0.0, -0.0], [-1, 0.0, -0.0, 0.0], element, element);
            Assert.Equal((1, 1, 1), (position.TopP, position.TopQ, position.RankInQ));
        }
    }

    // LINQ's sorting is stable: of equal logits the first comes first.
    private static int[] Order(double[] logits) => [.. Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i])];
}
