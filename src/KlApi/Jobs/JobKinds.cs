using KlApi.Host;

namespace KlApi.Jobs;

/// <summary>What the documentation of <c>POST /v1/jobs</c> says of each kind of job: a few lines and an example that runs, one entry for each kind.</summary>
internal static class JobKinds
{
    private static readonly (string Kind, string Text, (string Title, string Body)[] Examples)[] All =
    [
        (
            "density-fit",
            "fits a model to a target under a divergence: forward KL covers all modes, reverse KL settles on one.",
            [
                (
                    "A normal fitted to two modes by forward KL",
                    """
                    { "kind": "density-fit", "seed": 1,
                      "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] },
                      "model": { "family": "normal" },
                      "objective": { "name": "forward-kl" },
                      "optimizer": { "name": "adam", "learningRate": 0.05 }, "steps": 2000 }
                    """),
                (
                    "A mixture fitted to samples, ahead of other jobs",
                    """
                    { "kind": "density-fit", "seed": 7, "priority": 5,
                      "target": { "samples": [-3.1, -2.7, -3.4, -2.9, 2.8, 3.3, 3.0, 2.6] },
                      "model": { "family": "gaussian-mixture", "components": 2 },
                      "objective": { "name": "forward-kl" },
                      "optimizer": { "name": "adam", "learningRate": 0.05 }, "steps": 500 }
                    """),
            ]),
        (
            "language-model",
            """
            makes a model of text, of a dataset, `text` or `documents`: the next token after those before it. `tokens` are bytes, characters, words or byte pairs; `model` is `ngram` with an
            `order` and a `smoothing`, `neural` (the last tokens through one hidden layer) or a `transformer`, which learn along gradients, from the text or under any loss from another job's model. The tail of the text is held out, and the result says how well it is foreseen: perplexity, and bits per byte, by which models of different tokens compare.
            """,
            [
                (
                    "An n-gram model of words with modified Kneser-Ney smoothing",
                    """
                    { "kind": "language-model", "seed": 1,
                      "text": "the cat sat on the mat\nthe dog sat on the cat\nthe mat lay on the dog\nthe cat lay on the mat\n",
                      "tokens": { "kind": "word", "vocabulary": 100 }, "validationFraction": 0.25,
                      "model": { "name": "ngram", "order": 3, "smoothing": { "method": "modified-kneser-ney" } } }
                    """),
                (
                    "A small transformer of bytes",
                    """
                    { "kind": "language-model", "seed": 1,
                      "text": "the cat sat on the mat\nthe dog sat on the cat\nthe mat lay on the dog\nthe cat lay on the mat\n",
                      "validationFraction": 0.25, "model": { "name": "transformer", "layers": 1, "width": 32, "heads": 2, "context": 16 }, "steps": 200 }
                    """),
            ]),
        (
            "classifier",
            """
            trains a dense network to tell classes apart, as Keras' Sequential does: `layers` of units with an activation, the last a softmax over the classes. Examples come inline or
            from a dataset (`"data": { "dataset": "id", "label": "label" }`). Its model answers at `POST /v1/jobs/{id}/predict`.
            """,
            [
                (
                    "A classifier of two classes",
                    """
                    { "kind": "classifier", "seed": 1,
                      "data": { "inputs": [[0.1, 0.2], [0.3, 0.1], [0.2, 0.4], [0.9, 0.8], [0.8, 1.0], [1.0, 0.7]], "labels": ["low", "low", "low", "high", "high", "high"] },
                      "layers": [ { "units": 8, "activation": "relu" }, { "units": 2, "activation": "softmax" } ],
                      "optimizer": { "name": "adam", "learningRate": 0.01 }, "loss": "categorical-cross-entropy", "epochs": 50, "batchSize": 2, "validationFraction": 0.34, "stratified": true }
                    """),
            ]),
        (
            "regression",
            """
            trains a dense network to foretell numbers: one unit of the last layer for each `target`, or with `"loss": "gaussian-negative-log-likelihood"` two, for the mean and the
            logarithm of the variance. Its model answers at `POST /v1/jobs/{id}/predict`.
            """,
            [
                (
                    "A regression on one number",
                    """
                    { "kind": "regression", "seed": 1,
                      "data": { "inputs": [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5], "targets": [0, 0.48, 0.84, 1, 0.91, 0.6, 0.14, -0.35, -0.76, -0.98] },
                      "layers": [ { "units": 16, "activation": "tanh" }, { "units": 1 } ],
                      "optimizer": { "name": "adam", "learningRate": 0.02 }, "epochs": 100, "batchSize": 4 }
                    """),
            ]),
        (
            "distillation",
            """
            trains a student network to answer as a teacher does: the model of an earlier job (`"teacher": { "job": "id" }`), `layers` written out, or a `baseline` with a row of logits for
            each example. `loss` is any of `/v1/losses`, at a `temperature`, mixed with the labels by `labelWeight`. The result sets both sides beside each other on held-out examples.
            """,
            [
                (
                    "A student of a teacher that is written out",
                    """
                    { "kind": "distillation", "seed": 1,
                      "data": { "inputs": [[0.1, 0.2], [0.3, 0.1], [0.2, 0.4], [0.9, 0.8], [0.8, 1.0], [1.0, 0.7]], "labels": [0, 0, 0, 1, 1, 1] },
                      "teacher": { "layers": [ { "weights": [[-2, -2], [2, 2]], "bias": [2, -2], "activation": "softmax" } ] },
                      "layers": [ { "units": 2, "activation": "softmax" } ],
                      "loss": { "name": "reverse-kl" }, "temperature": 1, "optimizer": { "name": "adam", "learningRate": 0.05 }, "epochs": 50, "batchSize": 2 }
                    """),
            ]),
        (
            "comparison-of-logits",
            """
            compares two stored baselines, `{ "kind": "comparison-of-logits", "baseline": "base", "candidate": "quantised", "gate": { "forwardMean": 0.01 } }`, with the options of
            `POST /v1/baselines/{name}/compare` as fields; its report is also a comparison with the job's id, which can be ranked and merged.
            """,
            []),
        (
            "comparison",
            """
            runs one specification (any kind that lets its objective be chosen) under several objectives, each on the same seeds, and answers a table with errors, paired differences with
            p-values, and which objective serves what. `seeds` is a list, or how many. A run that fails is a line of the table.
            """,
            [
                (
                    "Forward against reverse KL on two modes, over five seeds",
                    """
                    { "kind": "comparison",
                      "specification": { "kind": "density-fit",
                        "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] },
                        "model": { "family": "normal" }, "steps": 500 },
                      "objectives": [ { "name": "forward-kl" }, { "name": "reverse-kl" } ],
                      "seeds": [1, 2, 3, 4, 5] }
                    """),
            ]),
        (
            "autoencoder",
            """
            trains a variational autoencoder on rows of numbers: reconstruction (`bernoulli` or `gaussian`) plus `beta` times the KL of its latents to their prior, which may be annealed
            and have free bits. Its result has the KL of each latent, the evidence lower bound and an importance-weighted one, samples and reconstructions; its charts draw those as pictures.
            """,
            [
                (
                    "An autoencoder with two latents",
                    """
                    { "kind": "autoencoder", "seed": 1,
                      "data": { "rows": [[0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1]] },
                      "encoder": [ { "units": 16, "activation": "tanh" } ], "latentSize": 2, "reconstruction": { "name": "bernoulli" },
                      "annealing": { "name": "linear", "epochs": 20 }, "epochs": 200, "batchSize": 4, "validationFraction": 0, "samples": 4 }
                    """),
            ]),
        (
            "topics",
            """
            finds topics in documents by latent Dirichlet allocation, with the names, defaults and update rules of Gensim's `LdaModel`: online variational Bayes, which makes a reverse KL
            small. The documents come inline, or as a column of text of a dataset: `"data": { "dataset": "id", "column": "text" }`.
            """,
            [
                (
                    "Two topics in three short documents",
                    """
                    { "kind": "topics", "documents": ["Text data", "More text data", "Topics in more text"], "topics": 2, "passes": 10 }
                    """),
            ]),
        (
            "search",
            """
            tries a specification with other values of its members: `space` gives, for each by JSON pointer, `{ "values": […] }` or an interval, `{ "uniform": [a, b] }`, `{ "logUniform": [a, b] }`,
            `{ "integer": [a, b] }`, `{ "logInteger": [a, b] }`. `method` is `grid`, `random` or `successive-halving`. The result has all trials, the best first, and the best specification as it can be
            posted; `confirmSeeds` runs the winner on fresh seeds, since the best of many scores is too good.
            """,
            [
                (
                    "The learning rate and the number of components of a density fit",
                    """
                    { "kind": "search",
                      "specification": { "kind": "density-fit",
                        "target": { "family": "gaussian-mixture", "weights": [0.3, 0.4, 0.3], "means": [-4, 0, 5], "standardDeviations": [1, 0.5, 1] },
                        "model": { "family": "gaussian-mixture", "components": 2 }, "steps": 200 },
                      "space": { "/optimizer/learningRate": { "logUniform": [0.001, 1] }, "/model/components": { "values": [1, 2, 3, 4] } },
                      "method": "random", "trials": 12, "confirmSeeds": 3 }
                    """),
            ]),
        (
            "policy",
            """
            optimises a policy for reward less `beta` times a KL to its reference, for a `bandit` or for a `sequence` of tokens small enough that the best policy is known in closed form.
            The penalty is either direction's KL by its own gradient, or an estimator (`k1`, `k2`, `k3`, `k3-plus`) in the reward or in the loss; the result says what that optimises.
            """,
            [
                (
                    "A bandit of four arms, held to its reference by the reverse KL",
                    """
                    { "kind": "policy", "environment": { "name": "bandit", "rewards": [1, 0.5, 0, 2], "reference": [0.4, 0.3, 0.2, 0.1] },
                      "penalty": { "direction": "reverse", "beta": 0.5 }, "steps": 1000 }
                    """),
            ]),
    ];

    /// <summary>A paragraph for each kind.</summary>
    public static string Description => string.Concat(All.Select(kind => $"\n\n`{kind.Kind}` {kind.Text}"));

    /// <summary>Shows the examples of all kinds.</summary>
    public static RouteHandlerBuilder AddExamples(RouteHandlerBuilder endpoint) =>
        All.SelectMany(kind => kind.Examples).Aggregate(endpoint, (documented, example) => documented.Example(example.Title, example.Body));
}
