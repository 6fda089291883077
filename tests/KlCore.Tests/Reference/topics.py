"""Latent Dirichlet allocation in doubles: one E-step, the bound and the updates, by gensim's LdaModel in float64 and by SciPy's special functions.

gensim adds the machine epsilon to each normaliser; with doubles that is beyond what the tests look at.
"""
import json
import logging
import os

import numpy as np
from gensim.models import LdaModel
from gensim.models.ldamodel import update_dir_prior
from scipy.special import gammaln, logsumexp, psi, polygamma

logging.disable(logging.WARNING)


class Ones:
    """Stands where gensim draws gamma at random."""

    def gamma(self, shape, scale, size):
        return np.ones(size)


def dirichlet_kl(a, b):
    return gammaln(a.sum()) - gammaln(b.sum()) + np.sum(gammaln(b) - gammaln(a) + (a - b) * (psi(a) - psi(a.sum())))


def case(name, seed, topics, words, documents, length, alpha, eta, sparse):
    random = np.random.RandomState(seed)
    statistics = random.gamma(0.3, 20, (words, topics)).round(4)
    if sparse:
        statistics[random.rand(words, topics) < 0.7] = 0
    bags = []
    for d in range(documents):
        ids = np.unique(random.randint(0, words, length))
        bags.append([(int(i), int(random.randint(1, 6))) for i in ids])
    bags.append([])
    model = LdaModel(id2word={i: str(i) for i in range(words)}, num_topics=topics, alpha=alpha, eta=eta, dtype=np.float64, gamma_threshold=0.0, iterations=30)
    model.random_state = Ones()
    model.state.sstats[...] = statistics.T
    model.sync_state()
    gamma, fresh = model.inference(bags, collect_sstats=True)
    log_theta = psi(gamma) - psi(gamma.sum(1, keepdims=True))
    lam = eta + statistics.T
    log_beta = psi(lam) - psi(lam.sum(1, keepdims=True))
    prior = np.asarray(model.alpha, float)
    likelihood = [float(sum(c * logsumexp(log_theta[d] + log_beta[:, w]) for w, c in bag)) for d, bag in enumerate(bags)]
    divergence = [float(dirichlet_kl(gamma[d], prior)) for d in range(len(bags))]
    of_topics = [float(dirichlet_kl(lam[k], np.full(words, eta))) for k in range(topics)]
    bound = float(model.bound(bags, gamma=gamma[:, None, :]))
    assert abs(bound - (sum(likelihood) - sum(divergence) - sum(of_topics))) < 1e-8 * abs(bound)
    mean_log = log_theta[:-1].mean(0)
    return {
        "name": name, "alpha": prior.tolist(), "eta": eta, "iterations": 30, "statistics": statistics.tolist(),
        "documents": [[[w for w, _ in bag], [c for _, c in bag]] for bag in bags],
        "gamma": gamma.tolist(), "fresh": fresh.T.tolist(), "likelihood": likelihood, "divergence": divergence, "topicDivergence": of_topics, "bound": bound,
        "meanLog": mean_log.tolist(), "learnedAlpha": update_dir_prior(prior, documents, mean_log, 0.7).tolist() if topics > 1 else prior.tolist(),
    }


def functions():
    points = [1e-6, 1e-3, 0.01, 0.1, 0.25, 0.5, 1, 1.4616321449683622, 2, 3.7, 9.99, 10, 25, 1e3, 1e6, 1e9]
    return [{"x": x, "logGamma": float(gammaln(x)), "digamma": float(psi(x)), "trigamma": float(polygamma(1, x))} for x in points]


def short(value):
    """Ten digits are more than floats can be held to."""
    if isinstance(value, float):
        return float("%.10g" % value)
    if isinstance(value, list):
        return [short(element) for element in value]
    return {key: short(element) for key, element in value.items()} if isinstance(value, dict) else value


def main():
    cases = [
        case("three topics", 1, 3, 12, 4, 8, "symmetric", 1 / 3, False),
        case("twenty topics", 2, 20, 90, 5, 60, "asymmetric", 0.05, False),
        case("seventeen topics of few words", 3, 17, 40, 4, 30, 0.01, 0.01, True),
        case("one topic", 4, 1, 6, 2, 5, 0.5, 0.5, False),
        case("long documents", 5, 33, 150, 2, 200, "symmetric", 0.03, True),
    ]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "topics.json")
    with open(path, "w") as file:
        json.dump({"functions": functions(), "cases": short(cases)}, file, separators=(",", ":"))
        file.write("\n")


main()
