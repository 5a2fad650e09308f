"""Two years of editions of the demonstration world in one hand: the attacker works out nothing that is hidden."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product

from django.db import transaction
from django.utils import timezone

from accounts.scope import acting_as
from lamp_portal.world import editions as of_world
from reports import compiling
from reports.compiling import Order, compile_report
from reports.content import Content
from reports.metrics.purchasing import PURCHASING
from reports.models import Edition, PublishedCell
from reports.register import DRAWN
from tests.reports.linear_attacker import SLACK, Question, bounds

YEAR, HALF = timedelta(weeks=52), timedelta(weeks=26)
NEAR = 10  # the threshold of every reader outside


def publish_more(played, monkeypatch):
    """Further editions: two years, the year before, a half, a half of one employer, the year again by what money buys."""
    monkeypatch.setattr(compiling, "render_all", lambda _content: {})
    today, ground = played.today, played.ground
    periods = [
        ("funder", today - 2 * YEAR, today), ("origin-government", today - 2 * YEAR, today - YEAR - timedelta(days=1)),
        ("destination-government", today - HALF, today), ("employer", today - HALF, today), ("funder", today - YEAR, today),
    ]  # fmt: skip
    for number, (kind, first, last) in enumerate(periods):
        slug = of_world.READERS[kind]
        with acting_as(ground.hands.of(slug, of_world.ROLES.get(kind, ""))) as by:
            pilot, reader = ground.pilots[of_world.PILOT].pk, ground.organisations[slug].pk
            order = Order(kind, pilot, reader, first, last, timezone.now())
            compile_report(replace(order, prices=PURCHASING) if number % 2 == 0 else order, by=by)


def parts_of(section, figure):
    """What a reader learns of a figure: the count, those who did and who did not, or how many an amount stands on."""
    if section.kind == "count":
        return {"count": None if figure.suppressed else int(figure.value)}
    if section.kind != "share":
        stands = figure.denominator
        return (
            {"base": stands if isinstance(stands, int) else None}
            if figure.suppressed or isinstance(stands, int)
            else {}
        )
    if figure.suppressed:
        return {"did": None, "did not": None}
    if not isinstance(figure.numerator, int) or not isinstance(figure.denominator, int):
        return {}
    return {"did": figure.numerator, "did not": figure.denominator - figure.numerator}


def collect(contents):
    """(metric, slice, part) → list of (selection, cell within the slice, number or None)."""
    found = {}
    for selection, content in contents:
        for section in content.sections:
            if section.kind in DRAWN:
                continue
            metric = section.counts.get("denominator", section.metric) if section.kind == "median" else section.metric
            adding = {d.name for d in section.dimensions if d.relation == "partition"}
            for figure in section.figures:
                around = tuple(sorted((n, v) for n, v in figure.cell.items() if n not in adding))
                inner = tuple(sorted((n, v) for n, v in figure.cell.items() if n in adding))
                for part, number in parts_of(section, figure).items():
                    found.setdefault((metric, around, part), []).append((selection, inner, number))
    return found


def question(rows):
    """The smallest groups that these selections and cells make, what is known of them and what is hidden."""
    days = sorted({day for (_e, first, last), _c, _n in rows for day in (first, last + timedelta(days=1))})
    employers = sorted({e for (e, _f, _l), _c, _n in rows if e is not None}) + ["others"]
    names = sorted({name for _s, cell, _n in rows for name, _v in cell})
    values = [sorted({v for _s, cell, _n in rows for n, v in cell if n == name}) for name in names]

    def groups(selection, cell):
        employer, first, last = selection
        stretches = [a for a, b in pairwise(days) if first <= a and b <= last + timedelta(days=1)]
        leaves = [
            leaf for leaf in product(*values)
            if all(dict(zip(names, leaf, strict=True))[n] == v for n, v in cell)
        ]  # fmt: skip
        return list(product([employer] if employer is not None else employers, stretches, leaves))

    public = {(s, c) for s, c, n in rows if n is not None}
    latest = {(s, c): n for s, c, n in rows if n is not None}
    known = [(groups(*place), number) for place, number in latest.items()]
    return Question(
        known, [groups(s, c) for s, c in dict.fromkeys((s, c) for s, c, n in rows if n is None) if (s, c) not in public]
    )


def test_nothing_hidden_in_two_years_of_editions_can_be_worked_out(played, monkeypatch):
    with transaction.atomic():
        publish_more(played, monkeypatch)
        with acting_as(played.ground.hands.of("long-bridge", "programme_manager")):
            cells = PublishedCell.objects.exclude(audience__in=["programme", "public"])
            selections = {c.edition_id: (c.employer_id, c.period_from, c.period_to) for c in cells}
            editions = Edition.objects.filter(pk__in=selections).order_by("pk")
            contents = [(selections[e.pk], Content.from_json(e.content)) for e in editions]
            shown, hidden = (cells.filter(status=status).count() for status in ("shown", "hidden"))
        transaction.set_rollback(True)
    assert len(contents) >= 9
    assert shown > 300
    assert hidden > 300
    asked, near, apart = 0, [], 0
    for place, rows in collect(contents).items():
        asked += 1
        try:
            (found,) = bounds([question(rows)])
        except AssertionError:  # taken on different days: what was due by June is no part of what was due by December
            apart += 1
            for selection in dict.fromkeys(s for s, _c, _n in rows):
                (found,) = bounds([question([row for row in rows if row[0] == selection])])
                near += [(place, pair) for pair in found if pair[1] > SLACK and pair[1] - pair[0] <= NEAR - SLACK]
            continue
        near += [(place, pair) for pair in found if pair[1] > SLACK and pair[1] - pair[0] <= NEAR - SLACK]
    assert not near
    assert asked > 50
    assert any(place[0] == "income compared" for place in collect(contents)), "both multiples, as one number of people"
