"""What the functions of SQuAD's scripts make of texts.json: squad.json, read by SquadGoldenTest.

    pip install "transformers==4.57.6"; pip download --no-deps torchmetrics==1.9.0; unzip torchmetrics*.whl; python squad.py torchmetrics/functional/text/squad.py

Two witnesses: transformers.data.metrics.squad_metrics, and torchmetrics' file, which is loaded by itself, so that nobody has to install PyTorch for the
two names it imports. The texts, their references, and short answers with articles and marks in all places.
"""
import importlib.util
import json
import platform
import random
import sys
import types
from importlib.metadata import version

from transformers.data.metrics.squad_metrics import compute_exact, compute_f1, normalize_answer


def torchmetrics(path):
    torch = types.ModuleType("torch")
    torch.Tensor, torch.tensor = object, lambda number: number
    utilities = types.ModuleType("torchmetrics.utilities")
    utilities.rank_zero_warn = print
    sys.modules.update({"torch": torch, "torchmetrics": types.ModuleType("torchmetrics"), "torchmetrics.utilities": utilities})
    spec = importlib.util.spec_from_file_location("squad", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(rnd):
    parts = ["a", "an", "the", "The", "A", "cat", "Paris", "1,000", "1000", "U.S.", "it's", "its", "a_b", "_", "-", "—", "a\u0301", "the\u0301", "ª", "²", "½",
             "٣", "x", "\u00a0", "\t", "İ", "ß", "北", "😀", "'", ".", "an-the", "theatre", "Ⅷ", "\u200d", "\x1c", "ⓐ", "aͤ"]
    return "".join(rnd.choice(parts) + rnd.choice(["", " ", " ", " "]) for _ in range(rnd.randrange(0, 6)))


if __name__ == "__main__":
    witness = torchmetrics(sys.argv[1])
    with open("texts.json", encoding="utf-8") as file:
        cases = json.load(file)
    rnd = random.Random(11)
    cases += [(answers(rnd), [answers(rnd) for _ in range(rnd.choice([1, 2, 5]))]) for _ in range(600)]
    found = []
    for text, references in cases:
        exact = max(compute_exact(reference, text) for reference in references)
        f1 = max(compute_f1(reference, text) for reference in references)
        assert exact == witness._metric_max_over_ground_truths(witness._compute_exact_match_score, text, references)
        assert abs(f1 - witness._metric_max_over_ground_truths(witness._compute_f1_score, text, references)) < 1e-12
        found.append({"text": text, "references": references, "normalised": normalize_answer(text), "exact": exact, "f1": f1})
    with open("squad.json", "w") as out:
        json.dump({"versions": {"transformers": version("transformers"), "torchmetrics": "1.9.0", "python": platform.python_version()}, "cases": found}, out,
                  separators=(",", ":"))
        out.write("\n")
