#!/usr/bin/env python3
"""Fits the figures of calibration.toml on development questions.

usage: calibrate.py DUMP... > section.toml

A dump is what `soyuznik eval drafts --questions F --dump DUMP` writes: one question a line with the
draft and every candidate it weighed. A candidate is right when it cites a norm that its question
must cite, or the same article's norm inside or around it; only questions that the law answers teach
what to say, all of them teach whether to speak. Needs nothing but Python.
"""
import json
import math
import sys

NAMES = ["behind", "rank", "piece", "asked_piece", "below_best", "below_own", "place", "answers",
         "judged"]
SPEAKING = ["nearest", "asked", "length", "inside"]


def odds(p):
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def covers(cited, wanted):
    return cited == wanted or cited.startswith(wanted + ":") or wanted.startswith(cited + ":")


class Question:
    def __init__(self, row):
        draft = row["draft"]
        wanted = [must["norm"] for must in row["question"].get("must", [])]
        self.due = row["question"]["expect"] == "answered"
        self.named = draft["question"]["named"]
        self.speaking = [draft["question"][name] for name in SPEAKING]
        self.rows = []
        for candidate in draft["candidates"]:
            f = dict(candidate["features"])
            f["judged"] = odds(f["judged"]) if f["judged"] is not None else 0.0
            right = any(covers(c, w) for c in candidate["norms"] for w in wanted)
            self.rows.append(([f[name] for name in NAMES], 1.0 if right else 0.0))


def load(paths):
    return [Question(json.loads(line)) for path in paths for line in open(path, encoding="utf-8")]


def fit(data, rounds=1500, rate=1.0, ridge=1e-3):
    """Plain logistic regression on standardised features by gradient descent; bias and weights."""
    k, n = len(data[0][0]), len(data)
    mean = [sum(x[i] for x, _ in data) / n for i in range(k)]
    dev = [math.sqrt(sum((x[i] - mean[i]) ** 2 for x, _ in data) / n) or 1.0 for i in range(k)]
    w, b = [0.0] * k, 0.0
    z = [([(x[i] - mean[i]) / dev[i] for i in range(k)], y) for x, y in data]
    for _ in range(rounds):
        gw, gb = [0.0] * k, 0.0
        for x, y in z:
            e = 1 / (1 + math.exp(-(b + sum(a * c for a, c in zip(w, x))))) - y
            gb += e
            for i in range(k):
                gw[i] += e * x[i]
        b -= rate * gb / n
        w = [a - rate * (g / n + ridge * a) for a, g in zip(w, gw)]
    weights = [a / d for a, d in zip(w, dev)]
    return b - sum(a * m for a, m in zip(weights, mean)), weights


def probability(model, x):
    bias, weights = model
    return 1 / (1 + math.exp(-(bias + sum(a * c for a, c in zip(weights, x)))))


def gain(question, speaks, scored, say, near):
    """What pleases a lawyer: right things said, few others, silence where it is due."""
    if not question.due:
        return -1.0 if speaks else 1.0
    if not speaks or not scored:
        return -0.5
    top = max(p for p, _ in scored)
    said = [y for p, y in scored if p >= min(say, top) and p >= top - near]
    right = sum(said)
    return (1.0 if right else -1.0) + 0.2 * right - 0.07 * (len(said) - right)


def thresholds(questions, saying, speaking):
    scored = [[(probability(saying, x), y) for x, y in q.rows] for q in questions]
    open_ = [1.0 if q.named else probability(speaking, q.speaking) for q in questions]
    best = None
    for at in [i / 20 for i in range(6, 18)]:
        for say in [0.1, 0.15, 0.2, 0.25, 0.3, 0.4]:
            for near in [0.2, 0.3, 0.4, 0.5]:
                total = sum(
                    gain(q, p >= at, s, say, near) for q, p, s in zip(questions, open_, scored)
                )
                if best is None or total > best[0]:
                    best = (total, at, say, near)
    return best[1:]


def show(name, model, names):
    print(f"[{name}]\nbias = {model[0]:.3f}")
    for feature, weight in zip(names, model[1]):
        print(f"{feature} = {weight:.3f}")


def main():
    questions = load(sys.argv[1:])
    saying = fit([row for q in questions if q.due for row in q.rows])
    speaking = fit([(q.speaking, float(q.due)) for q in questions if q.rows and not q.named])
    at, say, near = thresholds(questions, saying, speaking)
    show("speaking", speaking, SPEAKING)
    print(f"at = {at}\n")
    show("alone or judged", saying, NAMES)
    print(f"named = 8.0\nsay = {say}\nnear_best = {near}")


if __name__ == "__main__":
    main()
