using System.Runtime.InteropServices;
using KlCore.Formats;
using KlCore.Numerics;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Training.LanguageModel;

/// <summary>One text in the making: draws token by token. What it draws depends on the model, what is wanted, and its number alone.</summary>
internal sealed class TextDrawing
{
    private readonly TokenModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly Generation _how;
    private readonly int _number;
    private readonly List<int> _tokens = [];
    private readonly float[] _row;
    private readonly int[] _order;

    /// <param name="model">What to draw from.</param>
    /// <param name="tokenizer">Its tokens.</param>
    /// <param name="how">What is wanted.</param>
    /// <param name="number">Which of the texts it is.</param>
    public TextDrawing(TokenModel model, Tokenizer tokenizer, Generation how, int number)
    {
        (_model, _tokenizer, _how, _number) = (model, tokenizer, how, number);
        if (tokenizer.End is { } end) _tokens.Add(end);
        _tokens.AddRange(how.Prompt is null && tokenizer.End is not null ? [] : tokenizer.Encode(how.Prompt ?? "\n"));
        PromptLength = _tokens.Count;
        (_row, _order) = (new float[model.Vocabulary], new int[model.Vocabulary]);
    }

    /// <summary>How many tokens were there before the first that was drawn.</summary>
    public int PromptLength { get; }

    /// <summary>The tokens that were drawn.</summary>
    public ReadOnlySpan<int> Drawn => CollectionsMarshal.AsSpan(_tokens)[PromptLength..];

    /// <summary>Whether there are as many tokens as wanted, or the document is at its end.</summary>
    public bool IsComplete => Drawn.Length >= _how.MaximumTokens || (Drawn.Length > 0 && Drawn[^1] == _tokenizer.End);

    /// <summary>The text that was drawn, without the prompt.</summary>
    public string Text => _tokenizer.Decode(Drawn);

    /// <summary>ln p of every token at the last draw, as the model has it, before sharpening and cutting.</summary>
    public ReadOnlySpan<float> LogProbabilities => _row;

    /// <summary>Draws one token.</summary>
    public int Draw()
    {
        var context = CollectionsMarshal.AsSpan(_tokens);
        context = context[Math.Max(0, context.Length - _model.Window)..];
        _model.Predict(context, context.Length, _row);
        var token = Choose(new RandomStream(_how.Seed, Drawn.Length, $"text {_number}").NextUniform());
        _tokens.Add(token);
        return token;
    }

    /// <summary>Its state.</summary>
    public Tensor Save(string name) => new(name, [.. Drawn.ToArray().Select(token => (double)token)]);

    /// <summary>Continues from tokens that were drawn before.</summary>
    public void Restore(IReadOnlyList<double> drawn)
    {
        _tokens.RemoveRange(PromptLength, _tokens.Count - PromptLength);
        foreach (var token in drawn) _tokens.Add(Math.Clamp((int)token, 0, _model.Vocabulary - 1));
    }

    private int Choose(double uniform)
    {
        var likeliest = 0;
        for (var i = 1; i < _row.Length; i++)
            if (_row[i] > _row[likeliest]) likeliest = i;
        if (_how.Temperature == 0) return likeliest;
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        // Only what is cut has to be in order.
        if (_how.TopK is not null || _how.TopP < 1) Array.Sort(_order, (a, b) => _row[b].CompareTo(_row[a]) is var by && by != 0 ? by : a.CompareTo(b));
        var count = Math.Min(_how.TopK ?? _order.Length, _order.Length);
        var weights = new double[count];
        double total = 0;
        for (var i = 0; i < count; i++) total += weights[i] = Math.Exp((_row[_order[i]] - (double)_row[likeliest]) / _how.Temperature);
        double kept = 0;
        var most = 0;
        while (most < count && (most == 0 || kept < _how.TopP * total)) kept += weights[most++];
        var left = uniform * kept;
        for (var i = 0; i < most - 1; i++)
            if ((left -= weights[i]) < 0) return _order[i];
        return _order[most - 1];
    }
}
