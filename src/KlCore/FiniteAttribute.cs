namespace KlCore;

/// <summary>
/// Stands on a list or map of numbers none of which may be infinite, for the documentation: the check itself is where the property's other rules
/// are, which know what to call each number.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FiniteAttribute : Attribute;
