using KlApi.Host;
using KlCore.Texts.NGrams;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Texts;

/// <summary>POST /v1/text/ngram-divergence</summary>
internal static class CompareNGrams
{
    private const string Description =
        """
        Measures how far the n-grams of one text are from those of another: both are distributions over the n-grams that occur in either, smoothed alike. `p` and `q` are each a
        text, a list of texts (an n-gram never reaches from one into the next), or a column of text of a dataset (plain text is one running text). Tokens are words (numbers and
        signs included, white space not), characters or bytes of UTF-8; `lowercase` and `punctuation` say what counts as the same and what counts at all. N-grams that occur fewer
        than `minimumCount` times in both together become one category. `smoothing` is one of those of `/v1/divergences`, additive with α = ½ unless stated; `background: pooled`
        lets `jelinek-mercer` and `dirichlet` mix in the n-grams of both texts instead of all alike.

        `results` are exact for the smoothed counts. `forward` and `reverse` say what they are worth as estimates of the KL between the languages: a standard error as if n-grams
        were drawn one by one, one from blocks of text, which is the honest one, and the bias (B − 1)/2N that finite texts bring. `contributors` are the `top` n-grams of each
        direction with their counts and shares. Units: nats or bits for log-like measures, contributions, errors and biases.
        Both texts together may have at most `textCharacters` of `GET /v1/limits`.
        Sources: Lidstone (1920), Jelinek and Mercer (1980), Miller (1955).
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/ngram-divergence", Handle)
        .Describe("Divergence between the n-grams of two texts", Description, 400, 413, 415, 422, 429)
        .Example("words", """
            { "p": "the cat sat on the mat", "q": "the dog sat on the log", "unit": "bits", "top": 3 }
            """)
        .Example("pairs of characters, towards both texts together", """
            { "p": ["To be, or not to be", "that is the question"], "q": "In the beginning was the Word", "tokens": "character", "order": 2, "lowercase": true,
              "smoothing": { "method": "jelinek-mercer", "lambda": 0.2 }, "background": "pooled", "measures": [ { "name": "kullback-leibler" }, { "name": "jensen-shannon" } ] }
            """);

    private static async Task<NGramComparison> Handle(
        Body<NGramDivergence> body, ITrainingInputs inputs, Admission admission, IOptions<Limits> limits, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        return await admission.ComputeLong(() => body.Value.Compare(inputs, limits.Value.TextCharacters, cancellation), cancellation);
    }
}
