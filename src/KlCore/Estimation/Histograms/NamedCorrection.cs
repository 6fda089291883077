using KlCore.Estimation.Counts;
using KlCore.Estimation.Counts.Corrections;

namespace KlCore.Estimation.Histograms;

/// <summary>What is done about the bias of an entropy of histogram cells; each as <c>POST /v1/samples/counts</c> has it, with its defaults.</summary>
public enum NamedCorrection
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>(S - 1)/(2N) for S occupied cells.</summary>
    MillerMadow,

    /// <summary>Grassberger's of 2003.</summary>
    Grassberger,

    /// <summary>Chao and Shen's.</summary>
    ChaoShen,

    /// <summary>Hausser and Strimmer's shrinkage towards equal cells.</summary>
    JamesStein,

    /// <summary>Zhang's.</summary>
    Zhang,

    /// <summary>Chao, Wang and Jost's.</summary>
    ChaoWangJost,

    /// <summary>Nemenman, Shafee and Bialek's.</summary>
    Nsb,

    /// <summary>The jackknife.</summary>
    Jackknife,
}

/// <summary>The corrections that the names mean.</summary>
internal static class NamedCorrections
{
    /// <summary>The correction of a name.</summary>
    public static CountCorrection Correction(this NamedCorrection name) => name switch
    {
        NamedCorrection.MillerMadow => new MillerMadowCorrection(),
        NamedCorrection.Grassberger => new GrassbergerCorrection(),
        NamedCorrection.ChaoShen => new ChaoShenCorrection(),
        NamedCorrection.JamesStein => new JamesSteinCorrection(),
        NamedCorrection.Zhang => new ZhangCorrection(),
        NamedCorrection.ChaoWangJost => new ChaoWangJostCorrection(),
        NamedCorrection.Nsb => new NemenmanShafeeBialekCorrection(),
        NamedCorrection.Jackknife => new JackknifeCorrection(),
        _ => new NoCorrection(),
    };
}
