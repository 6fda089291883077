"""Losses of small classifiers while each optimiser trains them, by PyTorch in float64.

Inputs, labels and first weights come from a counter-based splitmix64, which the test makes again bit for bit:
z = seed * 0xD1342543DE82EF95 + (i + 1) * 0x9E3779B97F4A7C15, then the finaliser of splitmix64, of which the upper 53 bits make a number in [0, 1).
"""
import json
import torch

INPUTS, HIDDEN, CLASSES, ROWS, BATCHES, STEPS = 20, 33, 5, 17, 4, 60
MASK = 2**64 - 1


def uniform(seed, count):
    numbers = []
    for i in range(count):
        z = (seed * 0xD1342543DE82EF95 + (i + 1) * 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        numbers.append(((z ^ (z >> 31)) >> 11) * 2.0**-53)
    return torch.tensor(numbers, dtype=torch.float64)


def single(tensor):
    return tensor.to(torch.float32).to(torch.float64)


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.002, alpha=0.9, eps=1e-7),
    "adam": lambda p: torch.optim.Adam(p, lr=0.005),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.005, weight_decay=0.1),
}
ACTIVATIONS = {
    "relu": torch.relu, "leakyRelu": torch.nn.LeakyReLU(0.01), "sigmoid": torch.sigmoid, "tanh": torch.tanh, "gelu": torch.nn.GELU(),
    "silu": torch.nn.SiLU(), "softplus": torch.nn.Softplus(),
}


def losses(optimizer, activation):
    x = single(4 * uniform(1, ROWS * BATCHES * INPUTS) - 2).reshape(BATCHES, ROWS, INPUTS)
    labels = (uniform(2, ROWS * BATCHES) * CLASSES).long().reshape(BATCHES, ROWS)
    parameters = [
        single(uniform(3, INPUTS * HIDDEN) - 0.5).reshape(INPUTS, HIDDEN), torch.zeros(HIDDEN, dtype=torch.float64),
        single(uniform(4, HIDDEN * CLASSES) - 0.5).reshape(HIDDEN, CLASSES), torch.zeros(CLASSES, dtype=torch.float64),
    ]
    for p in parameters:
        p.requires_grad_()
    rule, found = OPTIMIZERS[optimizer](parameters), []
    for step in range(STEPS):
        rule.zero_grad()
        hidden = ACTIVATIONS[activation](x[step % BATCHES] @ parameters[0] + parameters[1])
        loss = torch.nn.functional.cross_entropy(hidden @ parameters[2] + parameters[3], labels[step % BATCHES])
        loss.backward()
        rule.step()
        found.append(loss.item())
    return found


cases = [(optimizer, "tanh") for optimizer in OPTIMIZERS] + [("adam", activation) for activation in ACTIVATIONS if activation != "tanh"]
result = [{"optimizer": o, "activation": a, "losses": losses(o, a)} for o, a in cases]
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
