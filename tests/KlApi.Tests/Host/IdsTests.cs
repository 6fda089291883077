using KlApi.Host;

namespace KlApi.Tests.Host;

public class IdsTests
{
    [Fact]
    public void Next_ManyFromManyThreads_DifferAndAreWellFormed()
    {
        var ids = new string[20_000];
        Parallel.For(0, ids.Length, i => ids[i] = Ids.Next(TimeProvider.System));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(Ids.IsWellFormed(id)));
    }

    [Fact]
    public void Next_ClockGoesBack_StillSortsAsMade()
    {
        var clock = new Clock { Now = DateTimeOffset.UtcNow.AddDays(1) };
        var ids = Enumerable.Range(0, 1000).Select(i =>
        {
            clock.Now = clock.Now.AddMilliseconds(i % 2 == 0 ? 3 : -4);
            return Ids.Next(clock);
        }).ToArray();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../../etc/passwd.")]
    [InlineData("01K00000000000000000000000/")]
    [InlineData("01k0000000000000000000000a")]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("01K0000000000000000000000U")]
    public void IsWellFormed_AnythingElse_IsNot(string text) => Assert.False(Ids.IsWellFormed(text));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
