"""Metrics of the surveys before departure and after return. No answer is weighted for those who gave none."""

from collections import Counter
from decimal import Decimal

from django.utils.translation import gettext as _

from compliance.models import SurveyContact
from compliance.surveys.standing import MISSED, STANDING, params
from reports.content import Dimension, Figure
from reports.metrics.declaring import (
    NOBODY,
    Measured,
    Metric,
    Middle,
    Window,
    ask,
    dimension,
    middles,
    share_figure,
)
from reports.metrics.earnings import currency
from reports.metrics.gathering import RATE
from workers.journey.steps import marked as words

AFTER = ("midline", "endline")
_OF = "asked as (select id from placements), "


def _standing(window: Window) -> list[tuple[str, str, str, int, int]]:
    """Wave, state, outcome, how many and of how many people: the surveys owed in the window whose time is over. Young cohorts,
    of whom only those who answered early would be seen, are out of it."""
    return ask(
        f"{_OF}{STANDING}, past as (select s.wave, s.state, s.outcome, p.person_id from standing s"
        " join placements p on p.id = s.id where s.closes_on < %(cut)s and s.state = any(%(states)s))"
        " select wave, state, outcome, count(*), (select count(distinct o.person_id) from past o where o.wave = past.wave)"
        " from past group by wave, state, outcome",
        window.params(**params(on=window.cut, as_of=window.as_of), states=["answered", MISSED]),
    )  # fmt: skip


# Every answer to a question that was given by the cut-off.
_ANSWERS = """
select p.person_id, p.id, s.wave, a.choice, a.number, a.currency, s.done_on, s.id as contact_id
from compliance_surveycontact s join placements p on p.id = s.placement_id
join compliance_surveyanswer a on a.contact_id = s.id and a.question = %(question)s
where s.recorded_at <= %(as_of)s and s.done_on <= %(cut)s
"""


def _waves(codes: tuple[str, ...]) -> Dimension:
    return dimension("wave", _("Survey"), "separate", [(code, str(SurveyContact.Wave(code).label)) for code in codes])


def response(window: Window) -> Measured:
    """Of the surveys whose time is over, those that somebody answered; each wave apart."""
    rows = _standing(window)
    figures, codes = [], tuple(SurveyContact.Wave.values)
    for wave in codes:
        of = [row for row in rows if row[0] == wave]
        did, all_of = sum(n for _w, state, *_o, n, _p in of if state == "answered"), sum(row[3] for row in of)
        figures.append(share_figure("survey_response", did, all_of, {"wave": wave}, of[0][4] if of else 0))
    return Measured(tuple(figures), (_waves(codes),))


def not_reached(window: Window) -> Measured:
    """The surveys after return that nobody answered in their time, by why."""
    by_why: Counter[str] = Counter()
    for wave, state, outcome, n, _people in _standing(window):
        if state == MISSED and wave in AFTER:
            by_why[outcome] += n
    titles = [("none", _("Nobody noted a try")), ("not agreed", _("Did not agree to be contacted"))]
    titles += [(o.value, str(o.label)) for o in SurveyContact.Outcome if o.value not in ("answered", "died")]
    figures = [
        Figure(metric="survey_not_reached", cell={"why": code}, value=Decimal(by_why[code]), unit="records")
        for code, _title in titles
    ]
    missed = by_why.total()
    figures.append(Figure(metric="survey_not_reached", value=Decimal(missed), unit="records"))
    return Measured(tuple(figures), (dimension("why", _("Why"), "partition", titles),), base=missed)


def _by_wave(metric: str, unit: str, found: dict[str, Middle]) -> tuple[Figure, ...]:
    return tuple(found.get(wave, NOBODY).figure(metric, unit, {"wave": wave}) for wave in AFTER)


def income_after(window: Window) -> Measured:
    """Income at home after return over income at home before departure, of the same person in the same currency."""
    found = middles(
        f"""
        with given as ({_ANSWERS}), before as (
          select distinct on (id) id, number, currency from given where wave = 'baseline' order by id, contact_id desc
        )
        select g.wave as key, g.person_id,
          case when b.currency = g.currency then round(g.number, 30) / nullif(b.number, 0) end as value
        from given g left join before b on b.id = g.id where g.wave = any(%(after)s)
        """,
        window.params(question="income_month", after=list(AFTER)),
    )
    of = [found.get(wave, NOBODY) for wave in AFTER]
    return Measured(
        _by_wave("survey_income", "times", found), (_waves(AFTER),), base=sum(one.base for one in of),
        missing=sum(one.missing for one in of),
    )  # fmt: skip


def remitted(window: Window) -> Measured:
    """What was sent home in a usual month, by the middle person who answered; in the pay currency at the rate of the month."""
    rate = RATE.format(source="s.currency", target="t.currency", day="s.done_on")
    found = middles(
        f"with given as ({_ANSWERS}) select '' as key, s.person_id, s.number * {rate} as value from given s"
        " cross join (select currency from pilots_pilot where id = %(pilot)s) t",
        window.params(question="sent_month"),
    ).get("", NOBODY)
    return Measured((found.figure("remitted", currency(window)),), base=found.base, missing=found.missing)


def remitted_share(window: Window) -> Measured:
    """What was sent home in a usual month over the net pay of a month, of the same placement; both in the pay currency."""
    rate = RATE.format(source="s.currency", target="t.currency", day="s.done_on")
    found = middles(
        f"with given as ({_ANSWERS}) select '' as key, s.person_id, case when e.net > 0 then"
        f" round(s.number * {rate} * e.days, 30) / (e.net * %(month)s::numeric) end as value from given s"
        " left join earned e on e.id = s.id cross join (select currency from pilots_pilot where id = %(pilot)s) t",
        window.params(question="sent_month"),
    ).get("", NOBODY)
    return Measured((found.figure("remitted_share", "share"),), base=found.base, missing=found.missing)


def remittance_cost(window: Window) -> Measured:
    """Fees and exchange over what was sent, by the middle person who told both."""
    found = middles(
        f"with given as ({_ANSWERS}) select '' as key, s.person_id, case when s.number > 0 and f.currency = s.currency then"
        " round(f.number, 30) / s.number end as value from given s left join compliance_surveyanswer f"
        " on f.contact_id = s.contact_id and f.question = 'sent_cost'",
        window.params(question="sent_month"),
    ).get("", NOBODY)
    return Measured((found.figure("remittance_cost", "share"),), base=found.base, missing=found.missing)


def satisfied(window: Window) -> Measured:
    """How content people are with having gone, 1 to 10; the middle answer of each survey."""
    found = middles(
        f"select wave as key, person_id, number as value from ({_ANSWERS}) a", window.params(question="satisfied")
    )
    base = sum(one.base for one in found.values())
    return Measured(_by_wave("satisfied", "points", found), (_waves(AFTER),), base=base, missing=0)


def recommend(window: Window) -> Measured:
    """Of those who said yes or no, who would recommend it."""
    rows = ask(
        f"given as ({_ANSWERS}) select wave, count(*) filter (where choice = 'yes'), count(*), count(distinct person_id)"
        " from given where choice in ('yes', 'no') group by wave",
        window.params(question="recommend"),
    )
    by_wave = {wave: counts for wave, *counts in rows}
    figures = []
    for wave in AFTER:
        yes, of, people = by_wave.get(wave, (0, 0, 0))
        figures.append(share_figure("recommend", yes, of, {"wave": wave}, people))
    return Measured(tuple(figures), (_waves(AFTER),))


_MEDIAN = words("95 % interval of the median from the order of the values; none under six values.")
_WILSON = words("95 % Wilson interval. It does not cover that those who did not answer may differ.")
_TOLD = words("Answers to the survey; see the share that answered.")
_LOST = words(
    "Only those who could be reached speak here. Who moved, had no phone, left their employer or was not content is harder to"
    " reach, and nothing is weighted to make up for it: read it beside the share that answered."
)
METRICS = (
    Metric(
        code="survey_response", version=1, title=words("Surveys answered"), population="placements", kind="share",
        chart="points", measure=response,
        definition=words("Of the surveys before departure, six and twelve months after return: those that were answered."),
        numerator_words=words("Placements whose survey was answered."),
        denominator_words=words("Placements whose time to be asked is over."),
        exclusions=words("Whoever is still to be asked, and those who died."),
        missing_words=words("A survey that nobody tried counts as not answered, and so does who did not agree to be contacted."),
        uncertainty_words=words("95 % Wilson interval; everybody who was owed a survey is counted."),
        source=words("Tries at surveys, as staff noted them."),
        statement=words("It says how far the answers may speak for all. It does not say what the others would have answered."),
    ),
    Metric(
        code="survey_not_reached", version=1, title=words("Surveys after return not answered, and why"),
        population="records", kind="count", chart="bars", measure=not_reached,
        definition=words("Surveys six and twelve months after return whose time went by without an answer, by the last try."),
        exclusions=words("Whoever is still to be asked, and those who died."),
        missing_words=words("A try that nobody noted."), uncertainty_words=words("A count; no interval."),
        source=words("Tries at surveys, as staff noted them."), sensitive=True,
        statement=words("It shows who is not heard. Those who declined may have more to say than those who answered."),
    ),
    Metric(
        code="survey_income", version=1, title=words("Income at home after return, over before"), population="placements",
        kind="median", chart="points", measure=income_after,
        definition=words("What somebody earns at home in a usual month after return, divided by the same before departure; the middle one."),
        denominator_words=words("Placements whose person answered both, with an income before above zero, in one currency."),
        exclusions=words("Whoever earned nothing before: there is no multiple of zero."),
        missing_words=words("No answer before departure, an income of zero then, or another currency."),
        uncertainty_words=_MEDIAN, source=_TOLD,
        statement=words(
            "It compares people with themselves, not with those who stayed, and in money of each day: prices rose as well."
            " Only those who could be reached speak here, and nothing is weighted to make up for it."
        ),
    ),
    Metric(
        code="remitted", version=1, title=words("Sent home in a month"), population="placements", kind="median",
        chart="points", measure=remitted,
        definition=words("What was sent home in a usual month of the stay, in the pay currency; the middle person."),
        denominator_words=words("Placements whose person told it six months after return."),
        exclusions=words("Cash carried home, and goods."), missing_words=words("No exchange rate for the month of the answer."),
        uncertainty_words=_MEDIAN, source=_TOLD, statement=_LOST,
    ),
    Metric(
        code="remitted_share", version=1, title=words("Sent home, of net pay"), population="placements", kind="median",
        chart="points", measure=remitted_share,
        definition=words(
            "What was sent home in a usual month of the stay, divided by the net pay of a month of the same placement; the"
            " middle person."
        ),
        denominator_words=words("Placements whose person told it six months after return, and whose payslips are recorded."),
        exclusions=words("Cash carried home, and goods."),
        missing_words=words("No payslip, no net pay, or no exchange rate."),
        uncertainty_words=_MEDIAN, source=words("What workers told in the survey; payslips that stand."),
        statement=words(
            "It shows how much of the pay went home in a usual month, as people remember it. It does not show what was saved"
            " abroad or brought along."
        ),
    ),
    Metric(
        code="remittance_cost", version=1, title=words("Cost of sending money"), population="placements", kind="median",
        chart="points", measure=remittance_cost,
        definition=words("Fees and loss by the exchange in a month, divided by what was sent in it; the middle person. The goal of the United Nations is under 3 % (SDG 10.c.1)."),
        denominator_words=words("Placements whose person told both in one currency."),
        exclusions=words("Whoever sent nothing."), missing_words=words("The cost was not known to the person."),
        uncertainty_words=_MEDIAN, source=_TOLD,
        statement=words("It is what people remember of fees; the loss by the exchange is seldom known and is then not in it."),
    ),
    Metric(
        code="satisfied", version=1, title=words("Content with having gone, 1 to 10"), population="placements",
        kind="median", chart="points", measure=satisfied,
        definition=words("How content people are with having gone, from 1 (not at all) to 10 (fully); the middle answer."),
        denominator_words=words("Placements whose person answered."), exclusions=words("Whoever left the question open."),
        uncertainty_words=_MEDIAN, source=_TOLD, statement=_LOST,
    ),
    Metric(
        code="recommend", version=1, title=words("Would recommend it"), population="placements", kind="share",
        chart="points", measure=recommend,
        definition=words("Of those who said yes or no: who would recommend it to a friend or relative."),
        numerator_words=words("Answers of yes."), denominator_words=words("Answers of yes or no."),
        exclusions=words("Whoever would rather not say."), uncertainty_words=_WILSON, source=_TOLD, statement=_LOST,
    ),
)  # fmt: skip
