namespace KlCore;

/// <summary>The input is legal and the answer exists, but it would take more work than one call may cost.</summary>
public sealed class TooCostlyException : Exception
{
    /// <summary>Says what the limit is and what was asked for.</summary>
    public TooCostlyException(string message) : base(message)
    {
    }
}
