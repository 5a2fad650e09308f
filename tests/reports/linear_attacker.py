"""Somebody who has every edition, of every reader and period, and a linear programme (HiGHS). Shares no code with the rule.

What they know: each shown number is a sum over the smallest groups of people, and no group is below zero. What they
ask: the least and the most that each hidden number can be. Many questions are one programme, a block for each bound.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

CEILING = 100_000
SLACK = 1e-6


@dataclass
class Question:
    """Known sums (groups, total), and the sums of groups that are asked for."""

    known: list = field(default_factory=list)
    asked: list = field(default_factory=list)


def bounds(questions, together=400):
    """For each question a list with (least, most) of each sum asked; ``CEILING`` or more where nothing bounds it."""
    jobs = [(q, target, sign) for q, one in enumerate(questions) for target in one.asked for sign in (1, -1)]
    answers = []
    for first in range(0, len(jobs), together):
        answers += _solve(questions, jobs[first : first + together])
    found, place = [], 0
    for one in questions:
        pairs = answers[place : place + 2 * len(one.asked)]
        found.append([(pairs[i], -pairs[i + 1]) for i in range(0, len(pairs), 2)])
        place += 2 * len(one.asked)
    return found


def _solve(questions, jobs):
    right: list[float] = []
    cost: list[int] = []
    rows, columns, starts = [], [], []
    for q, target, sign in jobs:
        names = dict.fromkeys(name for parts, _total in questions[q].known for name in parts)
        index = {name: len(cost) + i for i, name in enumerate([*names, *(t for t in target if t not in names)])}
        starts.append((len(cost), len(index)))
        wanted = set(target)
        cost += [sign if name in wanted else 0 for name in index]
        for parts, total in questions[q].known:
            rows += [len(right)] * len(set(parts))
            columns += [index[name] for name in dict.fromkeys(parts)]
            right.append(total)
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(right), len(cost))).tocsr()
    answer = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, CEILING), method="highs")
    assert answer.status == 0, f"the published numbers contradict each other: {answer.message}"
    weights = np.array(cost)
    return [float(answer.x[a : a + n] @ weights[a : a + n]) for a, n in starts]
