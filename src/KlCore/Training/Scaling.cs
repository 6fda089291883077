namespace KlCore.Training;

/// <summary>How columns of numbers are brought to one size before they enter a network, or after they leave it.</summary>
public enum Scaling
{
    /// <summary>Each column (x - mean) / standard deviation.</summary>
    Standard,

    /// <summary>Each column (x - minimum) / (maximum - minimum): from 0 to 1 over the rows that train.</summary>
    MinimumMaximum,

    /// <summary>All columns by one minimum and maximum, as pixels have them: from 0 to 1, and what is faint stays faint.</summary>
    CommonRange,

    /// <summary>As they are.</summary>
    None,
}
