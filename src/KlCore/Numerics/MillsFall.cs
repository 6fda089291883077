namespace KlCore.Numerics;

/// <summary>How much the ratio R of Mills, (1 - Phi)/phi, falls from one point to a later one, to its digits also where the two are near.</summary>
internal static class MillsFall
{
    // Gauss's ten points.
    private static readonly double[] Nodes = [0.14887433898163121, 0.43339539412924719, 0.67940956829902441, 0.86506336668898451, 0.97390652851717172];
    private static readonly double[] Weights = [0.29552422471475287, 0.26926671930999636, 0.21908636251598204, 0.14945134915058059, 0.066671344308688138];

    /// <summary>R(<paramref name="from"/>) - R(from + <paramref name="width"/>), for from of at least -1 and a width of at least 0.</summary>
    public static double Over(double from, double width)
    {
        if (width > from && width > 0.5) return StandardNormal.MillsRatio(from) - StandardNormal.MillsRatio(from + width);
        var (middle, half, sum) = (from + 0.5 * width, 0.5 * width, 0.0);
        for (var i = 0; i < Nodes.Length; i++) sum += Weights[i] * (Slope(middle - half * Nodes[i]) + Slope(middle + half * Nodes[i]));
        return half * sum;
    }

    // -R'(z) = 1 - z R(z). With R = 1/(z + K), K = 1/(z + 2/(z + 3/(z + ...))), that is K/(z + K), where nothing cancels.
    private static double Slope(double z)
    {
        if (z < 2) return 1 - z * StandardNormal.MillsRatio(z);
        var rest = z;
        for (var n = 12 + (int)(420 / (z * z)); n > 1; n--) rest = z + n / rest;
        var k = 1 / rest;
        return k / (z + k);
    }
}
