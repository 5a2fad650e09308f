"""Metrics of training, of the stay's end, and of what was found and put right."""

from decimal import Decimal

from django.utils.translation import gettext as _

from compliance.remedies.balances import LEDGER
from reports.content import Basis, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, share_figure
from reports.metrics.rights import STANDS
from reports.metrics.waiting import watched
from reports.statistics import TOO_FEW, Wait, kaplan_meier, ratio, rounded
from workers.journey.steps import STEPS
from workers.journey.steps import marked as words

GONE = tuple(
    s.code for s in STEPS if s.phase == "home" or s.code in {"medical_return", "family_return", "ordered_to_leave"}
)
ABROAD = tuple(s.code for s in STEPS if s.is_abroad)


def training(window: Window) -> Measured:
    """Courses passed of courses taken: at the first attempt, and at any."""
    rows = ask(
        """
        attempts as (
          select t.placement_id, p.person_id, t.course, t.passed,
            row_number() over (partition by t.placement_id, t.course order by t.held_on, t.id) as attempt
          from workers_trainingrecord t join placements p on p.id = t.placement_id
          where t.recorded_at <= %(as_of)s and t.held_on <= %(cut)s
        ), courses as (
          select placement_id, person_id, course, bool_or(passed) as ever, bool_or(passed and attempt = 1) as first
          from attempts group by placement_id, person_id, course
        )
        select count(*), count(*) filter (where ever), count(*) filter (where first), count(distinct person_id)
        from courses
        """,
        window.params(),
    )
    taken, ever, first, people = rows[0]
    figures = (
        share_figure("training", ever, taken, {"attempt": "any"}, people),
        share_figure("training", first, taken, {"attempt": "first"}, people),
    )
    titles = [("any", _("Passed at any attempt")), ("first", _("Passed at the first attempt"))]
    return Measured(figures, (dimension("attempt", _("Attempt"), "nested", titles),), base=taken, missing=0)


VISAS = """
visas as (
  select p.id, p.person_id, max(d.expires_on) as ends
  from placements p join workers_identitydocument d on d.person_id = p.person_id and d.kind = 'visa'
  where d.recorded_at <= %(as_of)s and d.expires_on is not null
    and d.expires_on >= (select min(e.happened_on) from events e where e.placement_id = p.id and e.to_step = 'departed')
  group by p.id, p.person_id
), stays as (
  select v.id, v.person_id, v.ends,
    (select min(e.happened_on) from events e where e.placement_id = v.id and e.to_step = any(%(gone)s)) as left_on,
    (select e.to_step from events e where e.placement_id = v.id order by e.happened_on desc, e.id desc limit 1) as step
  from visas v where v.ends <= %(cut)s
)
"""


def on_time_return(window: Window) -> Measured:
    """Left the country by the end of the visa, of visas that ended."""
    rows = ask(
        f"{VISAS} select count(*), count(*) filter (where left_on <= ends), count(distinct person_id) from stays",
        window.params(gone=list(GONE)),
    )
    ended, in_time, people = rows[0]
    departed = ask(
        "d as (select distinct e.placement_id from events e join placements p on p.id = e.placement_id"
        " where e.to_step = 'departed') select count(*) from d where not exists (select from placements p"
        " join workers_identitydocument k on k.person_id = p.person_id and k.kind = 'visa' and k.expires_on is not null"
        " and k.recorded_at <= %(as_of)s where p.id = d.placement_id)",
        window.params(),
    )[0][0]
    figure = share_figure("on_time_return", in_time, ended, people=people)
    return Measured((figure,), base=ended + departed, missing=departed)


def overstay_stock(window: Window) -> Measured:
    """People still in the country after their visa ended, on the cut-off day: a stock, not a rate."""
    rows = ask(
        f"{VISAS} select count(distinct person_id) filter (where left_on is null and step = any(%(abroad)s)), count(*)"
        " from stays",
        window.params(gone=list(GONE), abroad=list(ABROAD)),
    )
    people, ended = rows[0]
    figure = Figure(metric="overstay_stock", value=Decimal(people), unit="people", basis=Basis(people))
    return Measured((figure,), base=ended, missing=0)


FAMILIES = (
    ("FEE", words("Fees and debts")), ("CON", words("Contract")), ("PAY", words("Pay and deductions")),
    ("HRS", words("Hours")), ("DOC", words("Papers")), ("STAY", words("Stay")), ("HOU", words("Housing")),
    ("INS", words("Insurance")), ("WEL", words("Welfare contact")), ("REC", words("Recruiter")),
    ("AGE", words("Age")), ("BAN", words("Bans")), ("check", words("Found by a check")),
)  # fmt: skip
FOUND = f"""
{STANDS}, found as (
  select f.id, f.opened_on, f.owed, f.currency, s.kind, s.happened_on as since, p.person_id,
    case when f.code ~ '^[A-Z]{{2,4}}-' then split_part(f.code, '-', 1) else 'check' end as family
  from compliance_finding f join placements p on p.id = f.placement_id join stands s on s.finding_id = f.id
  where not f.restricted and f.recorded_at <= %(as_of)s and f.opened_on <= %(cut)s
)
"""


# What the ledger of a finding said by the cut-off, summed as everywhere (compliance/remedies/balances.py).
KNOWN = LEDGER.format(
    entries="e.pilot_id = %(pilot)s and not e.restricted and e.recorded_at <= %(as_of)s and e.happened_on <= %(cut)s"
)


def remedied(window: Window) -> Measured:
    """Findings that were put right, of those found, by what they are about."""
    rows = ask(
        f"{FOUND} select family, count(*), count(*) filter (where kind = 'resolved') from found group by family",
        window.params(),
    )
    by_family = {family: (resolved, n) for family, n, resolved in rows}
    shown = [code for code, _title in FAMILIES if code in by_family]
    figures = [share_figure("remedied", *by_family[code], {"about": code}) for code in shown]
    did, of = sum(d for d, _n in by_family.values()), sum(n for _d, n in by_family.values())
    figures.append(share_figure("remedied", did, of))
    titles = [(code, _(title)) for code, title in FAMILIES if code in shown]
    return Measured(tuple(figures), (dimension("about", _("About"), "partition", titles),), base=of, missing=0)


def money_recovered(window: Window) -> Measured:
    """What was paid back to workers, of what they were owed."""
    rows = ask(
        f"""
        {FOUND}, ledger as ({KNOWN}), sums as (
          select f.person_id, sum(greatest(f.owed, l.claimed, l.agreed, l.paid + l.written_off)) as owed,
                 sum(coalesce(l.paid, 0)) as paid
          from found f left join ledger l on l.finding_id = f.id
          where (f.owed > 0 or l.finding_id is not null)
            and coalesce(l.currency, f.currency) = (select currency from pilots_pilot where id = %(pilot)s)
          group by f.person_id
        )
        select count(*), coalesce(sum(owed), 0), coalesce(sum(paid), 0), max(owed),
          (select owed from sums order by owed desc offset 1 limit 1),
          (select count(distinct f.person_id) from found f left join ledger l on l.finding_id = f.id
             where (f.owed > 0 or l.finding_id is not null)
               and coalesce(l.currency, f.currency) <> (select currency from pilots_pilot where id = %(pilot)s))
        from sums
        """,
        window.params(),
    )
    people, owed, paid, most, next_most, elsewhere = rows[0]
    largest = (most / owed, (next_most or 0) / owed) if owed else ()
    figure = Figure(
        metric="money_recovered", value=ratio(paid, owed, "share"), numerator=rounded(paid, "money"),
        denominator=rounded(owed, "money"), unit="share", basis=Basis(people, *largest),
        note="" if owed else _("Nothing was owed."),
    )  # fmt: skip
    return Measured((figure,), base=people + elsewhere, missing=elsewhere)


def days_to_remedy(window: Window) -> Measured:
    """Days from finding to putting right, with findings still open counted as waiting."""
    rows = ask(
        f"""
        {FOUND}, waits as (
          select greatest(case when kind = 'resolved' then since else %(cut)s end - opened_on, 0) as days,
            kind = 'resolved' as done, person_id
          from found where kind <> 'waived'
        )
        select days, done, count(*), (select count(distinct person_id) from waits) from waits group by days, done
        """,
        window.params(),
    )
    waits = [Wait(days, "resolved" if done else None, n) for days, done, n, _people in rows]
    found, people = watched(waits), rows[0][3] if rows else 0
    day, early, late = kaplan_meier(waits).reached("0.5") if found >= TOO_FEW else (None, None, None)
    whole = early is not None and late is not None
    figure = Figure(
        metric="days_to_remedy", value=rounded(day, "days"), low=rounded(early, "days") if whole else None,
        high=rounded(late, "days") if whole else None, denominator=found, unit="days", basis=Basis(people),
        note="" if day is not None else _("Too few were put right to say."),
    )  # fmt: skip
    return Measured((figure,), base=found, missing=watched(waits, ended=False))


_FINDINGS = words(
    "Findings of checks and rules with their answers and evidence; restricted ones leave their circle in no count."
)
METRICS = (
    Metric(
        code="training", version=1, title=words("Training passed"), population="placements", kind="share", chart="bars",
        measure=training,
        definition=words("Courses passed of courses taken before departure, at any attempt and at the first."),
        numerator_words=words("Courses passed."), denominator_words=words("Courses taken, each once for a placement."),
        exclusions=words("Courses that nobody recorded."), missing_words=words("A course taken without a result is not passed."),
        uncertainty_words=words("95 % Wilson interval; courses of one worker are not independent, so it is a little narrow."),
        source=words("Training records of recruiters and the programme."),
        statement=words("It shows results of courses. It does not say whether the course was what the work needed."),
    ),
    Metric(
        code="on_time_return", version=1, title=words("Left before the visa ended"), population="placements",
        kind="share", measure=on_time_return,
        definition=words("Placements that left the country by the last day of the visa, of departed placements whose visa ended."),
        numerator_words=words("Left the country on or before the last day of the visa."),
        denominator_words=words("Departed, and the visa ended by the data cut-off."),
        exclusions=words("Visas still running."), missing_words=words("Departed without a visa date on record."),
        uncertainty_words=words("95 % Wilson interval."), source=words("Visa papers and journey events."),
        statement=words("It shows returns in time. Somebody with a later visa of another kind counts as late here."),
    ),
    Metric(
        code="overstay_stock", version=1, title=words("In the country after the visa ended"), population="people",
        kind="count", measure=overstay_stock, sensitive=True,
        definition=words("People in the country on the data cut-off day whose visa had ended. A stock on one day, not a rate."),
        exclusions=words("Visas without a last day."), missing_words=words("A departure that nobody recorded counts as a stay."),
        uncertainty_words=words("A count of what is recorded; no interval."), source=words("Visa papers and journey events."),
        statement=words("Somebody may have another right to stay that is not recorded here."),
    ),
    Metric(
        code="remedied", version=1, title=words("Findings put right"), population="findings", kind="share", chart="bars",
        sensitive=True, measure=remedied,
        definition=words("Findings resolved by the data cut-off, of all found, by what they are about."),
        numerator_words=words("Resolved: put right and seen to be."),
        denominator_words=words("Found by checks and rules, waived ones among them."),
        exclusions=words("Restricted cases, and findings about a site as a whole."), missing_words=words("What nobody has found."),
        uncertainty_words=words("95 % Wilson interval."), source=_FINDINGS,
        statement=words("It shows what became of findings. Many findings can mean much abuse, or many visits."),
    ),
    Metric(
        code="money_recovered", version=3, title=words("Money paid back to workers"), population="people", kind="ratio",
        sensitive=True, measure=money_recovered,
        definition=words("What was paid back, of what workers were owed by the findings, in the pay currency."),
        numerator_words=words("Paid, by the remedy ledger."), denominator_words=words("To be repaid: the largest of what a rule counted, what was claimed, and what was agreed or settled."),
        exclusions=words("Findings without an amount."),
        missing_words=words("People owed in another currency than the pilot's."), uncertainty_words=words("Sums of all; no interval."),
        source=words("Findings and the remedy ledger."),
        statement=words("It shows money that came back. It does not show harm that money cannot mend."),
    ),
    Metric(
        code="days_to_remedy", version=1, title=words("Time to put right"), population="findings", kind="duration",
        sensitive=True, measure=days_to_remedy,
        definition=words("Days by which half of the findings were resolved, those still open counted as waiting (Kaplan-Meier)."),
        denominator_words=words("Findings, without those waived."), exclusions=words("Waived findings."),
        missing_words=words("Still open on the data cut-off day."),
        uncertainty_words=words("95 % interval of the day (Brookmeyer and Crowley); none where it has no upper end yet."),
        source=_FINDINGS, statement=words("It shows how long workers waited. Open findings are not left out."),
    ),
)  # fmt: skip
