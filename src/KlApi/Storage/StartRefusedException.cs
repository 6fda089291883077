namespace KlApi.Storage;

/// <summary>The process must not start, for a reason that its operator can mend. The message is for the operator.</summary>
internal sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
