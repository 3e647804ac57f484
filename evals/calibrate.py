#!/usr/bin/env python3
"""Fits the figures of calibration.toml on development questions.

usage: calibrate.py DUMP... > section.toml

A dump is what `soyuznik eval drafts --questions F --dump DUMP` writes: one question a line with the
draft and every candidate it weighed. A candidate is right when it cites a norm that its question
must cite, or the same article's norm inside or around it. Questions that expect no answer have no
right candidate. Needs nothing but Python.
"""
import json
import math
import sys

NAMES = ["cosine", "behind", "rank", "asked", "named", "judged"]


def odds(p):
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def covers(cited, wanted):
    return cited == wanted or cited.startswith(wanted + ":") or wanted.startswith(cited + ":")


def load(paths):
    questions = []
    for path in paths:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            wanted = [must["norm"] for must in row["question"].get("must", [])]
            rows = []
            for candidate in row["draft"]["candidates"]:
                f = candidate["features"]
                judged = odds(f["judged"]) if f["judged"] is not None else 0.0
                x = [f["cosine"], f["behind"], f["rank"], f["asked"], f["named"], judged]
                right = any(covers(c, w) for c in candidate["norms"] for w in wanted)
                rows.append((x, 1.0 if right else 0.0))
            questions.append((row["question"]["expect"] == "answered", rows))
    return questions


def fit(questions, rounds=4000, rate=0.3, ridge=1e-3):
    """Plain logistic regression on standardised features by gradient descent."""
    data = [row for _, rows in questions for row in rows]
    k, n = len(NAMES), len(data)
    mean = [sum(x[i] for x, _ in data) / n for i in range(k)]
    dev = [math.sqrt(sum((x[i] - mean[i]) ** 2 for x, _ in data) / n) or 1.0 for i in range(k)]
    w, b = [0.0] * k, 0.0
    z = [([(x[i] - mean[i]) / dev[i] for i in range(k)], y) for x, y in data]
    for _ in range(rounds // 10):
        gw, gb = [0.0] * k, 0.0
        for x, y in z:
            e = 1 / (1 + math.exp(-(b + sum(a * c for a, c in zip(w, x))))) - y
            gb += e
            for i in range(k):
                gw[i] += e * x[i]
        b -= rate * gb / n * 3
        w = [a - rate * 3 * (g / n + ridge * a) for a, g in zip(w, gw)]
    weights = [a / d for a, d in zip(w, dev)]
    return b - sum(a * m for a, m in zip(weights, mean)), weights


def probability(bias, weights, x):
    return 1 / (1 + math.exp(-(bias + sum(a * c for a, c in zip(weights, x)))))


def thresholds(questions, bias, weights):
    """The figures that please a lawyer most: right things said, wrong ones not, silence where it is due."""
    scored = [
        (due, [(probability(bias, weights, x), y) for x, y in rows]) for due, rows in questions
    ]
    best = None
    for answer in [i / 50 for i in range(10, 45)]:
        for say in [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]:
            for near in [0.2, 0.3, 0.4, 0.5]:
                gain = 0.0
                for due, rows in scored:
                    top = max((p for p, _ in rows), default=0.0)
                    spoken = top >= answer
                    if not due:
                        gain += -1.0 if spoken else 1.0
                        continue
                    if not spoken:
                        gain -= 0.5
                        continue
                    said = [y for p, y in rows if p >= min(say, top) and p >= top - near]
                    right, wrong = sum(said), len(said) - sum(said)
                    gain += (1.0 if right else -1.0) - 0.1 * wrong
                if best is None or gain > best[0]:
                    best = (gain, answer, say, near)
    return best[1:]


def main():
    questions = load(sys.argv[1:])
    bias, weights = fit(questions)
    answer, say, near = thresholds(questions, bias, weights)
    print(f"bias = {bias:.3f}")
    for name, weight in zip(NAMES, weights):
        print(f"{name} = {weight:.3f}")
    print(f"say = {say}\nnear_best = {near}\nanswer = {answer}")


if __name__ == "__main__":
    main()
