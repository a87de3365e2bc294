"""Writes sgd.json: parameters after each step of torch.optim.SGD, for SgdMomentumTest.

pip install torch==2.15.0; python sgd.py > sgd.json
"""
import json

import torch

SHAPES = {"w": (3, 4), "b": (5,)}
STEPS = 6
NORM = 2.0


def start(name, i):
    return 0.3 * ((7 * i + len(name)) % 11 - 5)


def gradient(name, i, step):
    return 0.25 * ((5 * i + 3 * step + ord(name)) % 13 - 6)


def tensor(name, value):
    shape = SHAPES[name]
    size = int(torch.tensor(shape).prod())
    return torch.tensor([value(name, i) for i in range(size)], dtype=torch.float32).reshape(shape)


def run(momentum, weight_decay):
    parameters = {name: torch.nn.Parameter(tensor(name, start)) for name in SHAPES}
    # tensors of rank 2 and more decay, as in softq4j and in transformers' Trainer
    groups = [{"params": [parameters["w"]], "weight_decay": weight_decay}, {"params": [parameters["b"]], "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=0.1, momentum=momentum)
    after = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = 0.1 / (1 + step)
        for name, parameter in parameters.items():
            parameter.grad = tensor(name, lambda n, i: gradient(n, i, step))
        torch.nn.utils.clip_grad_norm_(parameters.values(), NORM)
        optimizer.step()
        after.append({name: parameter.detach().flatten().tolist() for name, parameter in parameters.items()})
    return {"momentum": momentum, "weight_decay": weight_decay, "after": after}


print(json.dumps({"torch": torch.__version__, "runs": [run(0.0, 0.0), run(0.0, 0.1), run(0.9, 0.0), run(0.9, 0.1)]}, indent=1))
