"""Intervals of paired differences: paired_bootstrap.json, read by PairedDifferenceTest.

    pip install scipy==1.17.1 numpy==2.4.6; python paired_bootstrap.py

"draws" (draws.txt) are those of Bootstrap(8, 1), which PairedDifferenceTest holds to be still the same: one line a draw, how often each item is drawn.
"same_draws" are percentiles of differences over these draws by numpy.percentile; "scipy" are intervals of scipy.stats.bootstrap, paired, percentile,
with 200,000 draws of its own. Of every case "a" and "b" are [items][numerator, denominator], the statistic is the ratio of sums.
"""
import json
import platform

import numpy as np
import scipy
from scipy.stats import bootstrap

draws = np.array([[int(n) for n in line.split()] for line in open("draws.txt")])
random = np.random.default_rng(14)


def case(items, spread, micro):
    hard = random.normal(0, 1, items)
    ones = np.ones(items)
    sizes = random.integers(1, 9, items).astype(float)
    a = np.stack([(0.3 + hard + spread * random.normal(0, 1, items)) * (sizes if micro else ones), sizes if micro else ones], 1).round(6)
    b = np.stack([(hard + spread * random.normal(0, 1, items)) * (sizes if micro else ones), sizes if micro else ones], 1).round(6)
    return a, b


def ratio(rows):
    return rows[..., 0].sum(-1) / rows[..., 1].sum(-1)


same, other = [], []
for spread in (0.0, 0.1, 1.0):
    for micro in (False, True):
        a, b = case(8, spread, micro)
        differences = (draws @ a)[:, 0] / (draws @ a)[:, 1] - (draws @ b)[:, 0] / (draws @ b)[:, 1]
        low, high = np.percentile(differences, [2.5, 97.5])
        same.append({"a": a.tolist(), "b": b.tolist(), "low": low, "high": high})
        a, b = case(60, spread + 0.05, micro)
        found = bootstrap((a[:, 0], a[:, 1], b[:, 0], b[:, 1]), lambda p, q, r, s, axis=-1: p.sum(axis) / q.sum(axis) - r.sum(axis) / s.sum(axis),
                          paired=True, vectorized=True, n_resamples=200000, batch=20000, method="percentile", rng=np.random.default_rng(7))
        other.append({"a": a.tolist(), "b": b.tolist(), "low": found.confidence_interval.low, "high": found.confidence_interval.high,
                      "standard_error": found.standard_error})
with open("paired_bootstrap.json", "w") as out:
    json.dump({"versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}, "same_draws": same, "scipy": other}, out)
    out.write("\n")
