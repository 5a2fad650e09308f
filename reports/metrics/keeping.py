"""Metrics of what partners owe: duties done in time, pay without a breach, and how far the records can be trusted."""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from accounts.scope import current
from compliance.duties.door import DONE, LATE, OVERDUE, each_due
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, share_figure
from reports.metrics.distinct import Numbers
from reports.metrics.gathering import PIECE, ask_in_pieces
from reports.metrics.outcomes import FAMILIES
from workers.journey.steps import marked as words

OWNERS = (
    ("employer", words("Employer")), ("sending unit", words("Sending unit")), ("welfare person", words("Welfare person")),
    ("destination authority", words("Authority at destination")), ("worker", words("Worker")),
    ("several", words("Two together")),
)  # fmt: skip
PAY_FAMILIES = ("PAY", "HRS")
VISIT_DAYS = 30  # an officer who saw the worker within so many days of arrival confirms the departure


def duties_in_time(window: Window) -> Measured:
    """Duties done by their day, of those whose day has come, by who owes them."""
    scope = current()
    assert scope is not None, "metrics are measured by the compiling hand"
    inside = Numbers()
    for (pk,) in ask_in_pieces("select id from placements", window.params()):
        inside.add(pk)
    ran, done = Counter[str](), Counter[str]()
    about: dict[tuple[str, str], Numbers] = defaultdict(Numbers)
    for owed in each_due(
        scope, on=window.cut, pilot_id=window.pilot_id, since=window.period_from, as_of=window.as_of, piece=PIECE
    ):
        mine = window.employer_id is None or window.employer_id in owed.organisation_ids
        known = owed.about != "placement" or owed.about_id in inside
        if owed.right or owed.due is None or owed.due > window.cut or not mine or not known:
            continue
        if owed.state in (DONE, LATE, OVERDUE):
            owner = owed.owners[0] if len(owed.owners) == 1 else "several"
            ran[owner] += 1
            done[owner] += owed.state == DONE
            for whose in (owner, ""):
                about[whose, owed.about].add(owed.about_id)
    shown = [code for code, _title in OWNERS if code in ran]

    def people(whose: str) -> int:
        return sum(len(numbers) for (owner, _about), numbers in about.items() if owner == whose)

    figures = [share_figure("duties_in_time", done[code], ran[code], {"owner": code}, people(code)) for code in shown]
    did, of = (sum(counts[code] for code in shown) for counts in (done, ran))
    figures.append(share_figure("duties_in_time", did, of, people=people("")))
    titles = [(code, _(title)) for code, title in OWNERS if code in shown]
    return Measured(tuple(figures), (dimension("owner", _("Who owes it"), "partition", titles),), base=of, missing=0)


def pay_in_order(window: Window) -> Measured:
    """Placements with pay records on which no rule of pay or hours found a breach in the period."""
    rows = ask(
        """
        paid as (select distinct r.placement_id as id from pay r), breached as (
          select distinct f.placement_id as id from compliance_finding f
          where split_part(f.code, '-', 1) = any(%(families)s) and not f.restricted and f.recorded_at <= %(as_of)s
            and f.opened_on <= %(cut)s and not exists (
              select from compliance_findingevent h where h.finding_id = f.id and h.kind = 'waived'
                and h.recorded_at <= %(as_of)s and h.happened_on <= %(cut)s)
        )
        select count(*), count(*) filter (where b.id is null), count(distinct p.person_id),
          (select count(*) from placements q where exists (
             select from events e where e.placement_id = q.id and e.to_step = 'working')
           and not exists (select from paid where paid.id = q.id))
        from paid join placements p on p.id = paid.id left join breached b on b.id = paid.id
        """,
        window.params(families=list(PAY_FAMILIES)),
    )
    paid, clean, people, unpaid = rows[0]
    figure = share_figure("pay_in_order", clean, paid, people=people)
    return Measured((figure,), base=paid + unpaid, missing=unpaid)


SOURCES = (
    ("answers", words("Answers of checks, with evidence")),
    ("departures", words("Arrivals, seen by an officer within 30 days")),
    ("pay", words("Workers whose pay was checked against a payslip")),
    ("costs", words("Costs that workers paid, with a receipt")),
)  # fmt: skip
PAY_ITEMS = ("D01", "D02")


def evidence(window: Window) -> Measured:
    """How much of what the report rests on was shown by evidence, source by source."""
    row = ask(
        """
        asked as (
          select a.answer, a.item, a.placement_id from compliance_checkanswer a
          join placements p on p.id = a.placement_id
          join compliance_check c on c.id = a.check_record_id and c.recorded_at <= %(as_of)s
          where a.done_on <= %(cut)s
        ), arrived as (
          select p.id, min(e.happened_on) as day from placements p join events e on e.placement_id = p.id
          where e.to_step = 'arrived' group by p.id
        ), paid as (select distinct placement_id as id from pay), ledger as (
          select c.receipt from workers_costitem c join placements p on p.id = c.placement_id
          where c.paid_by = 'worker' and c.recorded_at <= %(as_of)s and c.paid_on <= %(cut)s
        )
        select (select count(*) from asked where answer in ('yes', 'no', 'not verified')),
          (select count(*) from asked where answer in ('yes', 'no')),
          (select count(*) from arrived where day + %(days)s <= %(cut)s),
          (select count(*) from arrived a where day + %(days)s <= %(cut)s and exists (
             select from compliance_check c where c.placement_id = a.id and c.recorded_at <= %(as_of)s
               and c.done_on between a.day and a.day + %(days)s)),
          (select count(*) from paid),
          (select count(*) from paid where exists (
             select from asked where asked.placement_id = paid.id and item = any(%(items)s) and answer in ('yes', 'no'))),
          (select count(*) from ledger), (select count(*) from ledger where receipt <> '')
        """,
        window.params(days=VISIT_DAYS, items=list(PAY_ITEMS)),
    )[0]
    pairs = {code: (row[2 * n + 1], row[2 * n]) for n, (code, _title) in enumerate(SOURCES)}
    figures = tuple(share_figure("evidence", did, of, {"source": code}) for code, (did, of) in pairs.items())
    titles = [(code, _(title)) for code, title in SOURCES]
    base = sum(of for _did, of in pairs.values())
    return Measured(figures, (dimension("source", _("What"), "separate", titles),), base=base, missing=0)


assert set(PAY_FAMILIES) <= {code for code, _title in FAMILIES}
METRICS = (
    Metric(
        code="duties_in_time", version=1, title=words("Duties done in time"), population="duties", kind="share",
        chart="bars", measure=duties_in_time,
        definition=words(
            "Duties that the scheme sets with a day (reports, meetings, inspections, top-ups) and that were done by that day, of"
            " those whose day has come, by who owes them."
        ),
        numerator_words=words("Done on or before the day, by a fact or by recorded proof."),
        denominator_words=words("Duties whose last day lies in the period, up to the data cut-off."),
        exclusions=words("Rights, duties still running, and duties that lack a fact to tell their day."),
        missing_words=words("A duty done but recorded by nobody counts as not done."),
        uncertainty_words=words("95 % Wilson interval; duties of one organisation are not independent, so it is narrow."),
        source=words("The clocks of the scheme, worked out from journey events, pay records and proofs as they were known."),
        statement=words("It shows whether things were done by their day. It does not say how well they were done."),
    ),
    Metric(
        code="pay_in_order", version=1, title=words("Paid without a breach"), population="placements", kind="share",
        sensitive=True, measure=pay_in_order,
        definition=words(
            "Placements with pay records on which no rule of pay or hours found a breach, put right since or not, up to the"
            " data cut-off."
        ),
        numerator_words=words("No finding of the rules of pay and hours; a waived finding does not count."),
        denominator_words=words("Placements with pay records."),
        exclusions=words("Restricted cases, and rules that lack what they need to judge."),
        missing_words=words("At work, but no pay record."),
        uncertainty_words=words("95 % Wilson interval."),
        source=words("Rights rules over payslips, contracts and agreements."),
        statement=words("It shows for how many pay was in order by the payslip. It cannot see what no payslip says."),
    ),
    Metric(
        code="evidence", version=1, title=words("What was shown by evidence"), population="records", kind="share",
        chart="bars", measure=evidence,
        definition=words(
            "How much of what this report rests on somebody verified: answers of checks that name their evidence, arrivals"
            " after which an officer saw the worker, workers whose pay was checked against a payslip, and costs with a receipt."
        ),
        numerator_words=words("As each line says."), denominator_words=words("All records of that source; of people paid or arrived."),
        exclusions=words("Arrivals of the last 30 days, for which the visit may still come."),
        missing_words=words("A record without evidence is not false; nobody has shown it."),
        uncertainty_words=words("95 % Wilson interval; records of one worker are not independent, so it is a little narrow."),
        source=words("Checks with their answers, journey events, pay records and the recruitment-cost ledger."),
        statement=words("It shows how firm the ground is. A high share does not make a figure true, a low one warns."),
    ),
)  # fmt: skip
