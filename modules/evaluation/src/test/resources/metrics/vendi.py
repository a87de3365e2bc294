"""Vendi scores of texts.json: vendi.json, read by VendiScoreTest.

    pip install vendi-score==0.0.3 "numpy<2" "scipy<1.12" "scikit-learn<1.4" nltk; python vendi.py

vendi_score.text_utils imports PyTorch, transformers and datasets for its neural kernels, which are not used here, so empty modules stand for them.
"packaged" is ngram_vendi_score as it is, of texts that have as many words as the longest n-gram; "scaled" the same kernel through score_K with
normalize=True, of texts that have one word or more.
"""
import json
import platform
import sys
import types
import warnings
from importlib.metadata import version

import numpy as np

for name, names in (("torch", ()), ("datasets", ()), ("transformers", ("AutoModel", "AutoTokenizer"))):
    sys.modules[name] = types.ModuleType(name)
    for each in names:
        setattr(sys.modules[name], each, None)
warnings.filterwarnings("ignore")
from sklearn.preprocessing import normalize  # noqa: E402
from vendi_score import text_utils, vendi  # noqa: E402


def scaled(texts, ns):
    kernels = []
    for n in ns:
        counts = normalize(text_utils.get_ngrams(texts, n=n, tokenizer=str.split))
        kernels.append((counts @ counts.T).A)
    return vendi.score_K(np.stack(kernels).mean(axis=0), normalize=True)


if __name__ == "__main__":
    with open("texts.json", encoding="utf-8") as file:
        texts = [t for text, references in json.load(file) for t in [text] + references]
    golden = []
    for order in (1, 2, 3, 4):
        ns = list(range(1, order + 1))
        for first, last in ((0, len(texts)), (0, 120), (200, 500), (300, 303), (400, 402)):
            kept = [i for i in range(first, last) if len(texts[i].split()) >= order]
            if kept:
                golden.append({"kind": "packaged", "order": order, "texts": kept,
                               "score": text_utils.ngram_vendi_score([texts[i] for i in kept], ns=ns, tokenizer=str.split)})
            kept = [i for i in range(first, last) if texts[i].split()]
            if all(len(texts[i].split()) < order for i in kept):
                continue
            golden.append({"kind": "scaled", "order": order, "texts": kept, "score": scaled([texts[i] for i in kept], ns)})
    versions = {name: version(name) for name in ("vendi-score", "numpy", "scipy", "scikit-learn")} | {"python": platform.python_version()}
    with open("vendi.json", "w") as out:
        json.dump({"versions": versions, "scores": golden}, out, separators=(",", ":"))
        out.write("\n")
