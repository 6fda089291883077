namespace KlCore.Distributions;

/// <summary>How a divergence between distributions is to be found.</summary>
public enum Approach
{
    /// <summary>By a closed form, else by quadrature or summation, else by Monte Carlo; the answer says which.</summary>
    Auto,

    /// <summary>By a closed form or not at all.</summary>
    ClosedForm,

    /// <summary>By integration with an error bound; of integers by summation.</summary>
    Quadrature,

    /// <summary>As a mean over random draws, with a standard error.</summary>
    MonteCarlo,
}
