namespace KlCore;

/// <summary>An argument is outside its documented domain. Carries every failure that was found, by JSON pointer.</summary>
public sealed class InvalidInputException : Exception
{
    /// <summary>For input with the given failures; the message is the first of them.</summary>
    public InvalidInputException(Problems problems)
        : base(problems.ByPointer().Select(entry => $"{entry.Key}: {entry.Value[0]}").FirstOrDefault() ?? "The input is not valid.") =>
        Problems = problems;

    /// <summary>For one failure of one named value; no name stands for the whole input.</summary>
    public InvalidInputException(string name, string message) : this(One(name, message))
    {
    }

    /// <summary>Every failure, by JSON pointer.</summary>
    public Problems Problems { get; }

    private static Problems One(string name, string message)
    {
        var problems = new Problems();
        if (name.Length == 0) problems.Add(message);
        else problems.Add(name, message);
        return problems;
    }
}

/// <summary>The input is legal, but what is asked of it has no value that could be computed (no closed form, Fortran-ordered stream, …).</summary>
public sealed class NotComputableException : Exception
{
    /// <summary>Says why, with the stable one-word <paramref name="code"/> that clients may switch on.</summary>
    public NotComputableException(string code, string message) : base(message) => Code = code;

    /// <summary>One stable kebab-case word.</summary>
    public string Code { get; }
}
