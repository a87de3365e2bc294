"""Loss and gradient of torch.nn.CrossEntropyLoss(label_smoothing=...): label_smoothing.json, read by LabelSmoothingTest.

    pip install torch; python label_smoothing.py > label_smoothing.json

Made with the version of PyTorch that the file names. Logits are those of a table, one row for each state; rows with label -100 are left out.
"""
import json

import torch

V, ROWS = 7, 6
table = torch.tensor([[((31 * r + 17 * v) % 23) / 4.0 - 2.5 for v in range(V)] for r in range(ROWS)], dtype=torch.float64)
labels = [3, -100, 0, 6, 2, -100]
cases = []
for factor in (0.1, 0.5, 0.9):
    for tau in (1.0, 0.7):
        z = table.clone().requires_grad_()
        loss = torch.nn.CrossEntropyLoss(label_smoothing=factor)(z / tau, torch.tensor(labels))
        plain = torch.nn.CrossEntropyLoss()(z / tau, torch.tensor(labels))
        loss.backward()
        cases.append({"factor": factor, "tau": tau, "loss": loss.item(), "nll": plain.item(), "gradient": z.grad.flatten().tolist()})
print(json.dumps({"torch": torch.__version__, "labels": labels, "table": table.flatten().tolist(), "cases": cases}, indent=1))
