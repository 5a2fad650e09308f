"""All editions of all readers and periods in one hand, and a linear programme: nothing that is hidden comes out."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

from reports.content import Basis, Dimension, Figure, Label, Section
from reports.disclosure import disclose
from reports.metrics import METRIC
from reports.published import Entry, Published, Selection
from reports.thresholds import threshold
from tests.reports.linear_attacker import CEILING, SLACK, Question, bounds

HALVES = ((date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 12, 31)))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
OVERLAPPING = (date(2026, 4, 1), date(2026, 9, 30))
QUARTERS = tuple(
    (date(2026, 3 * q + 1, 1), (date(2026 + (q == 3), (3 * q + 4) % 12 or 12, 1) - timedelta(days=1))) for q in range(4)
)
PLACES = (("tonga", "pacific"), ("samoa", "pacific"), ("java", "asia"), ("cebu", "asia"), ("pacific", ""), ("asia", ""))
SEXES = ("F", "M")


def place_dimension():
    return Dimension(
        name="place",
        title="P",
        relation="partition",
        values=tuple(Label(value, value, parent) for value, parent in PLACES),
    )


def sex_dimension():
    return Dimension(name="sex", title="S", relation="partition", values=tuple(Label(value, value) for value in SEXES))


def section(figures, kind="count", dimensions=None, **more):
    return Section(
        metric="m", title="T", definition="D", population="people", kind=kind, statement="S", figures=tuple(figures),
        dimensions=dimensions or (place_dimension(), sex_dimension()), **more,
    )  # fmt: skip


def leaves_under(cell):
    """The (place, sex) that a cell adds up, found from the tree in this file."""
    places = [p for p, parent in PLACES if parent and cell.get("place", p) in (p, parent)]
    return list(product(places, [s for s in SEXES if cell.get("sex", s) == s]))


CELLS = [
    *({"place": p, "sex": s} for p, _parent in PLACES for s in SEXES), *({"place": p} for p, _parent in PLACES),
    *({"sex": s} for s in SEXES), {},
]  # fmt: skip


def small(rng):
    return rng.choice([0, 0, rng.randint(1, 4), rng.randint(1, 12), rng.randint(5, 60), rng.randint(20, 90)])


def world(rng, employers):
    """How many people of each employer left in each quarter, from each place, by sex."""
    keys = product(range(employers), range(4), (p for p, parent in PLACES if parent), SEXES)
    return {key: small(rng) for key in keys}


def groups_of(selection, cell, employers):
    chosen = range(employers) if selection.employer is None else [selection.employer]
    inside = [
        q for q, (first, last) in enumerate(QUARTERS) if selection.period_from <= first and last <= selection.period_to
    ]
    return [(e, q, p, s) for e in chosen for q in inside for p, s in leaves_under(cell)]


def counted(_rng, numbers):
    """The numbers as a count, which is all that an edition has."""
    return [section([Figure(metric="m", cell=cell, unit="people", value=Decimal(n)) for cell, n in numbers])]


def multiples(rng, numbers):
    """The numbers as what the income multiple stands on, in every second edition beside its twin by what money buys."""
    codes = ["income_multiple", "income_multiple_ppp"][: rng.randint(1, 2)]
    rng.shuffle(codes)
    return [
        replace(
            section(
                [
                    Figure(metric=code, cell=cell, unit="times", value=Decimal(3) if n else None, denominator=n, basis=Basis(n))
                    for cell, n in numbers
                ],
                "median", counts=METRIC[code].counts,
            ),
            metric=code,
        )
        for code in codes
    ]  # fmt: skip


def publish(rng, true, employers, editions, sections_of=counted):
    """Some editions, one after the other, each with the register of those before: selection and section, one by one."""
    entries: list[Entry] = []
    made = []
    for number in range(editions):
        audience = rng.choice(["funder", "origin-government", "employer"])
        employer = rng.randrange(employers) if audience == "employer" else None
        first, last = rng.choice([YEAR, YEAR, *HALVES, OVERLAPPING])
        selection = Selection("p", first, last, employer)
        numbers = [(cell, sum(true[g] for g in groups_of(selection, cell, employers))) for cell in CELLS]
        given, _note = disclose(sections_of(rng, numbers), audience, Published(entries), selection)
        as_of = datetime(2027, 1, 1 + number, tzinfo=UTC)
        entries += [Entry(selection, as_of, figure) for shown in given for figure in shown.figures]
        made += [(selection, shown) for shown in given]
    return made


def question_of(made, employers):
    """What the attacker is given, and the hidden cells; a cell that some edition shows is no secret."""
    asked, one = [], Question()
    public = {(selection, f.key) for selection, shown in made for f in shown.figures if not f.suppressed}
    for selection, shown in made:
        for figure in shown.figures:
            groups = groups_of(selection, figure.cell, employers)
            if not figure.suppressed:
                one.known.append((groups, int(figure.value or 0) if figure.denominator is None else figure.denominator))
            elif (selection, figure.key) not in public:
                asked.append(groups)
    one.asked = [list(groups) for groups in dict.fromkeys(tuple(groups) for groups in asked)]
    return one


def too_near(found, k):
    low, high = found
    return high > SLACK and high - low <= k - SLACK


def random_tables(rng, tables):
    """What the attacker is given of so many tables of regions, countries and sexes, and the threshold of each."""
    questions, limits = [], []
    for _ in range(tables):
        audience = rng.choice(["programme", "funder"])
        true = {key: small(rng) for key in product((p for p, parent in PLACES if parent), SEXES)}
        # Now and then a total is not published.
        cells = [c for c in CELLS if rng.random() < 0.97 or (len(c) == 2 and not {"pacific", "asia"} & set(c.values()))]
        figures = [
            Figure(metric="m", cell=cell, unit="people", value=Decimal(sum(true[g] for g in leaves_under(cell))))
            for cell in cells
        ]  # fmt: skip
        (shown,), _note = disclose([section(figures)], audience)
        one = Question()
        for figure in shown.figures:
            groups = leaves_under(figure.cell)
            if figure.suppressed:
                one.asked.append(groups)
            else:
                one.known.append((groups, int(figure.value or 0)))
        questions.append(one)
        limits.append(threshold(audience))
    return questions, limits


def test_a_thousand_random_tables_of_regions_countries_and_sexes_give_nothing_away():
    questions, limits = random_tables(random.Random(1), 1000)
    found = bounds(questions)
    assert sum(map(len, found)) > 5000, "something was hidden"
    assert not [pair for k, pairs in zip(limits, found, strict=True) for pair in pairs if too_near(pair, k)]


def test_many_editions_for_readers_who_meet_give_nothing_away():
    rng, questions, shown, hidden = random.Random(4), [], 0, 0
    for _ in range(20):
        employers = rng.randint(2, 3)
        made = publish(rng, world(rng, employers), employers, rng.randint(2, 5))
        questions.append(question_of(made, employers))
        shown += len(questions[-1].known)
        hidden += len(questions[-1].asked)
    found = bounds(questions)
    assert not [pair for pairs in found for pair in pairs if too_near(pair, 10)]
    assert hidden > 200
    assert shown > 500


def test_what_the_income_multiples_stand_on_is_given_away_by_no_editions_together():
    """The multiple at market rates in one edition and its twin in the next stand on the same people."""
    rng, questions, both = random.Random(12), [], 0
    for _ in range(12):
        employers = rng.randint(2, 3)
        made = publish(rng, world(rng, employers), employers, rng.randint(2, 5), multiples)
        both += sum(shown.metric == "income_multiple_ppp" for _selection, shown in made)
        questions.append(question_of(made, employers))
    found = bounds(questions)
    assert both > 10
    assert sum(map(len, found)) > 100
    assert not [pair for pairs in found for pair in pairs if too_near(pair, 10)]


def test_the_attacker_finds_what_two_editions_give_away_when_no_register_is_kept():
    """The year of all, and of one employer: without a register the other employer's few are the difference."""
    year = Selection("p", *YEAR)
    one = Question([([(0,), (1,)], 45), ([(0,)], 42)], [[(1,)]])
    assert bounds([one]) == [[(3, 3)]]
    assert year.holds(Selection("p", *YEAR, 7))


def test_a_hidden_sum_of_money_stays_uncertain_by_a_tenth_of_itself():
    rng, questions, sums = random.Random(9), [], []
    for _ in range(150):
        pay = {
            f"s{i}": [rng.randint(1, 900) for _ in range(rng.choice([3, 8, 12, 15, 30]))]
            for i in range(rng.randint(3, 7))
        }
        figures = []
        for cell, amounts in [({"site": s}, a) for s, a in pay.items()] + [({}, [x for a in pay.values() for x in a])]:
            largest = sorted((Decimal(a) / sum(amounts) for a in amounts), reverse=True)
            figures.append(
                Figure(
                    metric="m", cell=cell, unit="NZD", value=Decimal(sum(amounts)), numerator=Decimal(sum(amounts)),
                    denominator=len(amounts), basis=Basis(len(amounts), *largest[:2]),
                )
            )  # fmt: skip
        sites = Dimension(name="site", title="S", relation="partition", values=tuple(Label(s, s) for s in pay))
        (shown,), _note = disclose([section(figures, "money", (sites,))], "funder")
        one = Question()
        for figure in shown.figures:
            groups = [figure.cell["site"]] if figure.cell else list(pay)
            if figure.suppressed:
                one.asked.append(groups)
                sums.append(sum(sum(pay[s]) for s in groups))
            else:
                one.known.append((groups, int(figure.value or 0)))
        questions.append(one)
    found = [pair for pairs in bounds(questions) for pair in pairs]
    assert len(found) > 150
    assert not [(pair, true) for pair, true in zip(found, sums, strict=True) if pair[1] - pair[0] < true / 10 - SLACK]


def test_a_ceiling_is_what_the_attacker_says_where_nothing_is_known():
    ((pair,),) = bounds([Question([(["a"], 3)], [["b"]])])
    assert pair == (0, CEILING)


def test_little_more_is_hidden_than_must_be():
    """One-way tables, every way of hiding tried: how many cells the rule hides beyond the least that is safe."""
    rng = random.Random(2)
    hidden: Counter[str] = Counter()
    least: Counter[str] = Counter()
    for _ in range(120):
        numbers = [small(rng) for _ in range(4)]
        cells = [({"site": f"s{i}"}, n) for i, n in enumerate(numbers)] + [({}, sum(numbers))]
        sites = Dimension(
            name="site", title="S", relation="partition", values=tuple(Label(f"s{i}", "") for i in range(4))
        )
        figures = [Figure(metric="m", cell=cell, value=Decimal(n), unit="people") for cell, n in cells]
        (shown,), _note = disclose([section(figures, dimensions=(sites,))], "funder")
        gone = {i for i, f in enumerate(shown.figures) if f.suppressed}
        must = {i for i, (_c, n) in enumerate(cells) if 0 < n < 10}
        if not must:
            continue
        hidden["cells"] += len(gone)
        least["cells"] += _least_safe(numbers, must)
    assert hidden["cells"] <= 1.15 * least["cells"], (hidden, least)


def _least_safe(numbers, must):
    """The fewest cells (parts, then the total) that hide ``must`` safely, by trying every set.

    With the total shown, the hidden parts share what is left of it: two of them at least, and more than the threshold
    (or nothing, which is no secret). With the total hidden no part is bound by anything.
    """
    best, every = len(numbers) + 1, range(len(numbers) + 1)
    for mask in range(1 << len(every)):
        gone = {i for i in every if mask >> i & 1}
        parts = [numbers[i] for i in gone if i < len(numbers)]
        safe = bool(parts) if len(numbers) in gone else len(parts) > 1 and (sum(parts) > 10 or sum(parts) == 0)
        if must <= gone and safe:
            best = min(best, len(gone))
    return best
