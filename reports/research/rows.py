"""What a research extract holds: one row a person, the columns in one table, and the statement that asks for them.

A person is taken with the newest placement that departed in the period, and only while they agree to reports without names.
Amounts are given with two digits, days as quarters, words that somebody typed as codes or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from reports.research.grouping import Quasi
from workers.exports.deidentifying import Key
from workers.journey.steps import STEP, STEPS
from workers.journey.steps import marked as words

ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, what it says, and whether it tells something that others should not learn."""

    key: str
    words: str
    sensitive: bool = False


COLUMNS: Final[tuple[Column, ...]] = (
    Column("code", words("The person. The same in every extract under this agreement, and in no other.")),
    Column("sex", words("Sex.")),
    Column("born", words("Span of years of birth.")),
    Column("origin", words("Province of origin, else nationality.")),
    Column("employer", words("Employer, as a code.")),
    Column("departed", words("When they departed: quarter, half or year.")),
    Column("placements", words("Placements that departed up to now: 1, 2, or 3 and more.")),
    Column("stay", words("How the stay stands or ended."), True),
    Column("weeks", words("Weeks paid, in fours."), True),
    Column("gross_month", words("Gross pay a month, two digits, in the pay currency."), True),
    Column("net_month", words("Net pay a month, two digits, in the pay currency."), True),
    Column("home_income", words("Pay a month at home before, two digits, in the currency that most state; else empty."), True),
    Column("paid_for_job", words("What the person paid for the job, two digits, in the currency that most paid in; else empty."), True),
    Column("findings", words("Findings of breaches: 0, 1–2, or 3 and more."), True),
    Column("satisfied", words("Content with having gone, 1 to 10; the newest survey after return."), True),
    Column("recommend", words("Would recommend it; the newest survey after return."), True),
)  # fmt: skip
SENSITIVE: Final = tuple(column.key for column in COLUMNS if column.sensitive)

_ASKED = """
with gone as (
  select distinct on (p.person_id) p.person_id, p.id, p.employer_id, e.on_day
  from workers_placement p join lateral (
    select min(v.happened_on) as on_day from workers_journeyevent v
    where v.placement_id = p.id and v.to_step = any(%(abroad)s)) e on e.on_day between %(from)s and %(to)s
  where p.pilot_id = %(pilot)s
    and not exists (select from workers_mergedperson m where m.person_id = p.person_id)
  order by p.person_id, e.on_day desc, p.id desc
), agreed as (
  select g.* from gone g where exists (
    select from workers_consent c where c.person_id = g.person_id and c.purpose = 'statistics' and c.withdrawn_on is null)
), pay as (
  select r.placement_id, sum(r.period_end - r.period_start + 1) as days, sum(r.gross) as gross, sum(r.net) as net
  from workers_payrecord r join agreed g on g.id = r.placement_id
  where not exists (select from workers_payrecord n where n.supersedes_id = r.id)
  group by r.placement_id having count(distinct r.currency) = 1
), costs as (
  select c.placement_id, min(c.currency) as currency, sum(c.amount - coalesce(c.reimbursed, 0)) as amount
  from workers_costitem c join agreed g on g.id = c.placement_id where c.paid_by = 'worker'
  group by c.placement_id having count(distinct c.currency) = 1
), found as (
  select f.placement_id, count(*) as n from compliance_finding f join agreed g on g.id = f.placement_id group by 1
), asked as (
  select distinct on (g.id, a.question) g.id, a.question, a.choice, a.number
  from agreed g join compliance_surveycontact s on s.placement_id = g.id and s.wave <> 'baseline'
  join compliance_surveyanswer a on a.contact_id = s.id and a.question in ('satisfied', 'recommend')
  order by g.id, a.question, s.done_on desc, s.id desc
)
select g.person_id, n.sex, extract(year from n.birth_date)::int, n.province, n.nationality, o.name, g.on_day,
  (select count(distinct p.id) from workers_placement p join workers_journeyevent v on v.placement_id = p.id
     and v.to_step = any(%(abroad)s) where p.person_id = g.person_id),
  st.step, pay.days, pay.gross, pay.net, b.home_income, b.home_income_currency, costs.amount, costs.currency,
  coalesce(found.n, 0), (select number from asked where asked.id = g.id and question = 'satisfied'),
  (select choice from asked where asked.id = g.id and question = 'recommend'), (select count(*) from gone)
from agreed g join workers_person n on n.id = g.person_id
left join accounts_organisation o on o.id = g.employer_id
left join workers_placementstate st on st.placement_id = g.id
left join pay on pay.placement_id = g.id left join costs on costs.placement_id = g.id
left join found on found.placement_id = g.id left join workers_personbackground b on b.person_id = g.person_id
"""


def people(pilot_id: int, first: date, last: date, key: Key) -> tuple[list[dict[str, Any]], int]:
    """A row for each person who departed in the period and agrees, as in ``COLUMNS`` but with quasi-identifiers as they
    are; and how many departed without agreeing. Must run in a scope that sees the pilot's people, findings and surveys."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ASKED, {"pilot": pilot_id, "from": first, "to": last, "abroad": [s.code for s in STEPS if s.is_abroad]}
        )
        found = cursor.fetchall()
    home, paid_in = (_usual(row[column] for row in found) for column in (13, 15))
    rows = [_row(row, key, home, paid_in) for row in found]
    return sorted(rows, key=lambda row: row["code"]), (found[0][-1] - len(found) if found else 0)


def _usual(words_: Any) -> str:
    counts: dict[str, int] = {}
    for word in words_:
        if word:
            counts[word] = counts.get(word, 0) + 1
    return max(sorted(counts), key=lambda word: counts[word]) if counts else ""


def _row(row: Sequence[Any], key: Key, home: str, paid_in: str) -> dict[str, Any]:
    (person, sex, born, province, nationality, employer, on, placements, step, days, gross, net, income, income_in, cost,
     cost_in, findings, satisfied, recommend, _all) = row  # fmt: skip
    months = Decimal(days) / Decimal("30.4375") if days else None
    return {
        "code": key.code(person), "sex": sex or "", "born": born, "origin": (province or "", nationality or ""),
        "employer": key.word("employer", employer) if employer else "", "departed": on,
        "placements": _band(placements, (1, 2), "3+"), "stay": stay_of(step), "weeks": str(days // 28 * 4) if days else "",
        "gross_month": two_digits(gross / months) if months else "", "net_month": two_digits(net / months) if months else "",
        "home_income": two_digits(income) if income is not None and income_in == home else "",
        "paid_for_job": two_digits(cost) if cost is not None and cost_in == paid_in else "",
        "findings": "0" if not findings else "1-2" if findings < 3 else "3+",
        "satisfied": str(int(satisfied)) if satisfied is not None else "", "recommend": recommend or "",
    }  # fmt: skip


def _band(number: int, single: tuple[int, ...], more: str) -> str:
    return str(number) if number in single else more


def stay_of(step: str | None) -> str:
    """How a stay stands, in four words: rare ends would point at somebody."""
    if step is None or step not in STEP:
        return ""
    if STEP[step].early_end:
        return "ended early"
    return "abroad" if STEP[step].is_abroad or STEP[step].with_employer else "ended as planned"


def two_digits(amount: Decimal) -> str:
    """An amount with its two leading digits, half to even: 1,234 is 1200, and 0 is 0."""
    if not amount:
        return "0"
    step = Decimal(1).scaleb(max(amount.adjusted() - 1, 0))
    return format((amount / step).quantize(Decimal(1)) * step, "f")


def _span(years: int) -> Any:
    return lambda year: ALL if year is None else f"{year // years * years}-{year // years * years + years - 1}"


QUASI: Final[tuple[Quasi, ...]] = (
    Quasi("sex", (str, lambda _value: ALL)),
    Quasi("born", (_span(5), _span(10), _span(20), lambda _value: ALL)),
    Quasi("origin", (lambda pair: pair[0] or pair[1] or ALL, lambda pair: pair[1] or ALL, lambda _value: ALL)),
    Quasi("employer", (lambda code: code or ALL, lambda _value: ALL)),
    Quasi("departed", (
        lambda day: f"{day.year}-Q{(day.month + 2) // 3}", lambda day: f"{day.year}-H{(day.month + 5) // 6}",
        lambda day: str(day.year), lambda _value: ALL,
    )),
    Quasi("placements", (str, lambda _value: ALL)),
)  # fmt: skip
