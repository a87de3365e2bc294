"""What rouge-score makes of texts.json, and NLTK's Porter stemmer of words: rouge.json and porter.json, read by RougeGoldenTest.

    pip install rouge-score==0.1.2 nltk==3.10.4; python rouge.py

Each case against each of its references, [precision, recall, F] of each kind, and score_multi's. Words are drawn from letters and suffixes, so that every
rule of the stemmer is met with and without its condition; those of texts.json are added.
"""
import json
import platform
import random
from importlib.metadata import version

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenize import tokenize

KINDS = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
SUFFIXES = ("s ss es sses ies ied eed ed ing y ly ational tional enci anci izer bli abli alli entli eli ousli ization ation ator alism iveness fulness"
            " ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion sion tion"
            " ou ism ate iti ous ive ize e le ll l ate ated ating iz izing bl bling ies ally fully ology ologies y ys yed ying ogi").split()
STEMS = ("a b y by ay tr ee tree oat trouble ivy priv orrer th sk d l t sp fl c pl bl agr m pon feed motor s pl conflat troubl siz hopp tann fall hiss"
         " fizz fail fil happ enjo relat condit valenc hesit digit conform radic differ vil analog vietnam predic oper feudal decis hope call form sens"
         " tripl electr good reviv allow infer airlin gyroscop adjust def irrit repl depend adopt homolog commun activ angular effect bowdler prob rat"
         " ceas controll roll geo theo archaeo philo yy syzyg to be aw ex wow box snow tray kn 1 x1 abc9 univers nation general organ cr stat").split()


if __name__ == "__main__":
    with open("texts.json", encoding="utf-8") as file:
        cases = json.load(file)
    triple = lambda score: [score.precision, score.recall, score.fmeasure]
    settings = []
    for stemmer in (False, True):
        scorer = RougeScorer(KINDS, use_stemmer=stemmer)
        settings.append({"stemmer": stemmer, "cases": [{
            "each": [[triple(scorer.score(reference, text)[kind]) for kind in KINDS] for reference in references],
            "best": [triple(scorer.score_multi(references, text)[kind]) for kind in KINDS]} for text, references in cases]})
    versions = {"rouge-score": version("rouge-score"), "nltk": version("nltk"), "python": platform.python_version()}
    with open("rouge.json", "w") as out:
        json.dump({"versions": versions, "kinds": KINDS, "settings": settings}, out, separators=(",", ":"))
        out.write("\n")
    rnd = random.Random(1980)
    words = {w for text, references in cases for t in [text] + references for w in tokenize(t, None)}
    words |= {"sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed"}
    words |= {rnd.choice(STEMS) + "".join(rnd.choice(SUFFIXES) for _ in range(rnd.choice([0, 1, 1, 1, 2]))) for _ in range(9000)}
    words |= {stem + suffix for stem in ("tr", "oat", "trouble", "fail") for suffix in SUFFIXES}
    words = sorted({w for group in words for w in group.split()})
    stemmer = PorterStemmer()
    with open("porter.json", "w") as out:
        json.dump({"versions": versions, "stems": {word: stemmer.stem(word) for word in words}}, out, separators=(",", ":"))
        out.write("\n")
