"""What sacreBLEU makes of texts.json: bleu_and_chrf.json, read by SacreBleuGoldenTest.

    pip install sacrebleu==2.6.0; python bleu_and_chrf.py

For each setting the values of all cases by themselves, and of corpora: all cases with their own number of references, and those cases that have one.
"""
import itertools
import json
import logging
import platform

import regex
import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

logging.disable(logging.WARNING)


def corpora(metric, cases):
    found = []
    for kept in (cases, [c for c in cases if len(c[1]) == 1], [c for c in cases if len(c[1]) == 5], cases[:1], cases[8:9]):
        most = max(len(references) for _, references in kept)
        streams = [[references[r] if r < len(references) else None for _, references in kept] for r in range(most)]
        score = metric.corpus_score([text for text, _ in kept], streams)
        found.append({"score": score.score, "signature": str(metric.get_signature())})
    return found


def measured(make, settings, cases):
    sentences = [make(**settings).sentence_score(text, references).score for text, references in cases]
    return {"settings": settings, "sentences": sentences, "corpora": corpora(make(**settings), cases)}


if __name__ == "__main__":
    with open("texts.json", encoding="utf-8") as file:
        cases = json.load(file)
    bleu = [dict(tokenize=t, effective_order=e) for t, e in itertools.product(("13a", "intl", "char", "none"), (False, True))]
    bleu += [dict(tokenize="13a", lowercase=True), dict(tokenize="intl", lowercase=True, effective_order=True)]
    bleu += [dict(smooth_method=m, smooth_value=v, effective_order=e) for (m, v), e in itertools.product(
        (("floor", None), ("floor", 0.01), ("add-k", None), ("add-k", 0.5), ("none", None)), (False, True))]
    bleu += [dict(max_ngram_order=2), dict(max_ngram_order=6, effective_order=True)]
    chrf = [dict(word_order=w, whitespace=s, eps_smoothing=e) for w, s, e in itertools.product((0, 2), (False, True), (False, True))]
    chrf += [dict(lowercase=True), dict(word_order=2, lowercase=True), dict(beta=1), dict(beta=3, char_order=4, word_order=1)]
    golden = {"versions": {"sacrebleu": sacrebleu.__version__, "regex": regex.__version__, "python": platform.python_version()},
              "bleu": [measured(BLEU, s, cases) for s in bleu], "chrf": [measured(CHRF, s, cases) for s in chrf]}
    with open("bleu_and_chrf.json", "w", encoding="utf-8") as out:
        json.dump(golden, out, separators=(",", ":"))
        out.write("\n")
