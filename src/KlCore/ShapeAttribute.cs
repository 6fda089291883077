namespace KlCore;

/// <summary>
/// Stands on a base whose values travel in several shapes without a discriminator: which shape it is shows in the one field that only this
/// shape has. The reader, the messages about bodies that could not be read and the documentation all go by these lines.
/// </summary>
/// <param name="field">The field by which the shape is known; empty for the one that is an array, which its converter reads itself.</param>
/// <param name="type">What an object with that field is read as.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ShapeAttribute(string field, Type type) : Attribute
{
    /// <summary>The field by which the shape is known.</summary>
    public string Field { get; } = field;

    /// <summary>What an object with that field is read as.</summary>
    public Type Type { get; } = type;
}
