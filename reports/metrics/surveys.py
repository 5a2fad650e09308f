"""Metrics of the surveys before departure and after return. No answer is weighted for those who gave none."""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _

from compliance.models import SurveyContact
from compliance.surveys.standing import MISSED, STANDING, params
from reports.content import Dimension, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, median_figure, share_figure
from reports.metrics.money import RATE
from workers.journey.steps import marked as words

AFTER = ("midline", "endline")
_OF = "asked as (select id from placements), "


def _standing(window: Window) -> list[tuple[int, str, str, str]]:
    """Person, wave, state and outcome of every survey owed in the window whose time is over: young cohorts, of whom only those
    who answered early would be seen, are out of it."""
    rows = ask(
        f"{_OF}{STANDING} select p.person_id, s.wave, s.state, s.outcome from standing s join placements p on p.id = s.id"
        " where s.closes_on < %(cut)s order by s.id, s.wave",
        window.params(**params(on=window.cut, as_of=window.as_of)),
    )  # fmt: skip
    return [(person, wave, state, outcome) for person, wave, state, outcome in rows]


def _answers(window: Window, question: str) -> list[tuple[int, int, str, str, Decimal | None, str]]:
    """Person, placement, wave, choice, number and currency of every answer to a question that was given by the cut-off."""
    rows = ask(
        "n as (select 1) select p.person_id, p.id, s.wave, a.choice, a.number, a.currency"
        " from compliance_surveycontact s join placements p on p.id = s.placement_id"
        " join compliance_surveyanswer a on a.contact_id = s.id and a.question = %(question)s"
        " where s.recorded_at <= %(as_of)s and s.done_on <= %(cut)s order by p.id, s.wave",
        window.params(question=question),
    )
    return [
        (person, placement, wave, choice, number, currency)
        for person, placement, wave, choice, number, currency in rows
    ]


def _waves(codes: tuple[str, ...]) -> Dimension:
    return dimension("wave", _("Survey"), "separate", [(code, str(SurveyContact.Wave(code).label)) for code in codes])


def response(window: Window) -> Measured:
    """Of the surveys whose time is over, those that somebody answered; each wave apart."""
    rows = [row for row in _standing(window) if row[2] in ("answered", MISSED)]
    figures, codes = [], tuple(SurveyContact.Wave.values)
    for wave in codes:
        of = [row for row in rows if row[1] == wave]
        did = [row for row in of if row[2] == "answered"]
        figures.append(
            share_figure("survey_response", len(did), len(of), {"wave": wave}, len({person for person, *_ in of}))
        )
    return Measured(tuple(figures), (_waves(codes),))


def not_reached(window: Window) -> Measured:
    """The surveys after return that nobody answered in their time, by why."""
    missed = [row for row in _standing(window) if row[2] == MISSED and row[1] in AFTER]
    by_why: dict[str, int] = defaultdict(int)
    for _person, _wave, _state, outcome in missed:
        by_why[outcome] += 1
    titles = [("none", _("Nobody noted a try")), ("not agreed", _("Did not agree to be contacted"))]
    titles += [(o.value, str(o.label)) for o in SurveyContact.Outcome if o.value not in ("answered", "died")]
    figures = [
        Figure(metric="survey_not_reached", cell={"why": code}, value=Decimal(by_why[code]), unit="records")
        for code, _title in titles
    ]
    figures.append(Figure(metric="survey_not_reached", value=Decimal(len(missed)), unit="records"))
    return Measured(tuple(figures), (dimension("why", _("Why"), "partition", titles),), base=len(missed))


def income_after(window: Window) -> Measured:
    """Income at home after return over income at home before departure, of the same person in the same currency."""
    answers = _answers(window, "income_month")
    before = {p: (number, currency) for _who, p, wave, _c, number, currency in answers if wave == "baseline"}
    figures, base, used = [], 0, 0
    for wave in AFTER:
        values, people = [], set()
        for person, placement, at, _choice, number, currency in answers:
            if at != wave:
                continue
            base += 1
            was, was_in = before.get(placement, (None, ""))
            if number is not None and was and was_in == currency:
                values.append(number / was)
                people.add(person)
        used += len(values)
        figures.append(median_figure("survey_income", values, "times", {"wave": wave}, len(people)))
    return Measured(tuple(figures), (_waves(AFTER),), base=base, missing=base - used)


def _sent(window: Window) -> list[tuple[int, Decimal | None, Decimal | None]]:
    """Person, what was sent in a month in the pilot's currency (None without a rate), and the part that it cost."""
    rate = RATE.format(source="a.currency", target="t.currency", day="s.done_on")
    rows = ask(
        f"""
        target as (select currency from pilots_pilot where id = %(pilot)s)
        select p.person_id, a.number * {rate}, case when a.number > 0 and f.currency = a.currency then f.number / a.number end
        from compliance_surveycontact s join placements p on p.id = s.placement_id cross join target t
        join compliance_surveyanswer a on a.contact_id = s.id and a.question = 'sent_month'
        left join compliance_surveyanswer f on f.contact_id = s.id and f.question = 'sent_cost'
        where s.recorded_at <= %(as_of)s and s.done_on <= %(cut)s order by p.id
        """,
        window.params(),
    )
    return [(person, sent, cost) for person, sent, cost in rows]


def remitted(window: Window) -> Measured:
    """What was sent home in a usual month, by the middle person who answered."""
    rows = _sent(window)
    known = [(person, sent) for person, sent, _cost in rows if sent is not None]
    currency = ask("n as (select 1) select currency from pilots_pilot where id = %(pilot)s", window.params())[0][0]
    figure = median_figure(
        "remitted", [sent for _who, sent in known], currency, people=len({who for who, _sent in known})
    )
    return Measured((figure,), base=len(rows), missing=len(rows) - len(known))


def remittance_cost(window: Window) -> Measured:
    """Fees and exchange over what was sent, by the middle person who told both."""
    rows = _sent(window)
    known = [(person, cost) for person, _sent, cost in rows if cost is not None]
    people = len({person for person, _cost in known})
    figure = median_figure("remittance_cost", [cost for _who, cost in known], "share", people=people)
    return Measured((figure,), base=len(rows), missing=len(rows) - len(known))


def satisfied(window: Window) -> Measured:
    """How content people are with having gone, 1 to 10; the middle answer of each survey."""
    answers = _answers(window, "satisfied")
    figures = []
    for wave in AFTER:
        of = [(person, number) for person, _p, at, _c, number, _in in answers if at == wave and number is not None]
        values = [number for _who, number in of]
        figures.append(median_figure("satisfied", values, "points", {"wave": wave}, len({who for who, _n in of})))
    return Measured(tuple(figures), (_waves(AFTER),), base=len(answers), missing=0)


def recommend(window: Window) -> Measured:
    """Of those who said yes or no, who would recommend it."""
    answers = [row for row in _answers(window, "recommend") if row[3] in ("yes", "no")]
    figures = []
    for wave in AFTER:
        of = [row for row in answers if row[2] == wave]
        yes = sum(row[3] == "yes" for row in of)
        figures.append(share_figure("recommend", yes, len(of), {"wave": wave}, len({row[0] for row in of})))
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
