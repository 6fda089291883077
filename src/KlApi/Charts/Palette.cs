namespace KlApi.Charts;

/// <summary>The colours of a chart: those of Okabe and Ito, which colour-blind readers can tell apart, on white.</summary>
internal static class Palette
{
    public const string Paper = "#ffffff";
    public const string Ink = "#1f2933";
    public const string Muted = "#52606d";
    public const string Grid = "#e4e7eb";
    public const string Frame = "#9aa5b1";

    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7b5ea7", "#3e4c59"];

    /// <summary>The colour of the series at <paramref name="index"/>; after the last it begins again.</summary>
    public static string Of(int index) => Colours[index % Colours.Length];
}
