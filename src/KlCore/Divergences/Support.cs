using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>What each distribution deems possible and the other does not: what makes a divergence infinite.</summary>
/// <param name="MassOfPOutsideQ">The probability under p of the categories where q is 0.</param>
/// <param name="MassOfQOutsideP">The probability under q of the categories where p is 0.</param>
public sealed record Support(double MassOfPOutsideQ, double MassOfQOutsideP)
{
    /// <summary>The supports of the pair.</summary>
    public static Support Of(Pair pair)
    {
        var p = pair.P;
        var q = pair.Q;
        CompensatedSum ofP = new(), ofQ = new();
        for (var i = 0; i < p.Length; i++)
        {
            // Only a probability of 0 can be outside; it may also be one too small for a double.
            if (p[i] != 0 && q[i] != 0) continue;
            var cell = pair[i];
            if (cell.IsOutsideQ) ofP.Add(cell.P);
            else if (cell.IsOutsideP) ofQ.Add(cell.Q);
        }

        return new(ofP.Value, ofQ.Value);
    }
}
