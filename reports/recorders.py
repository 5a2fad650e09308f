"""Who wrote down what a report stands on, in shares so coarse that no person can be told from them.

A share of a kind of record is one of five words and never a number, and nothing is said of a kind of record that stands on
few people. It is measured when the edition is compiled and frozen with it.
"""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.roles import KIND_LABELS, Kind
from compliance.models import Check
from reports.content import RecordedBy
from reports.metrics.declaring import Window, ask
from reports.spanning import windows
from reports.thresholds import SMALL_GROUP, threshold

_ASKED = """
r as (
  select 'moves' as records, coalesce(o.kind, '') as source, p.person_id, e.id
  from workers_journeyevent e join placements p on p.id = e.placement_id
  left join accounts_organisation o on o.id = e.organisation_id
  where e.pilot_id = %(pilot)s and e.recorded_at <= %(as_of)s and e.happened_on <= %(cut)s
  union all
  select 'moves', coalesce(o.kind, ''), p.person_id, b.event_id
  from workers_movetakenback b join placements p on p.id = b.placement_id
  left join accounts_organisation o on o.id = b.organisation_id
  where b.pilot_id = %(pilot)s and b.recorded_at <= %(as_of)s and b.taken_back_at > %(as_of)s and b.happened_on <= %(cut)s
  union all
  select 'payslips', coalesce(o.kind, ''), p.person_id, k.id from workers_payrecord k
  join placements p on p.id = k.placement_id left join accounts_organisation o on o.id = k.recorded_by
  where k.recorded_at <= %(as_of)s and k.period_end <= %(cut)s
  union all
  select 'checks', k.mode, p.person_id, k.id from compliance_check k join placements p on p.id = k.placement_id
  where not k.restricted and k.recorded_at <= %(as_of)s and k.done_on <= %(cut)s
), of_one as (
  -- Of one person together first: so few rows are left to tell who is different.
  select records, source, person_id, count(*) as n from r group by records, source, person_id
)
select records, source, sum(n)::bigint, count(distinct person_id) from of_one
group by grouping sets ((records, source), (records)) order by 1, 2
"""


def how_much(part: int, whole: int) -> str:
    """A share as one of five words; their borders are told by ``known.in_words``."""
    share = Decimal(part) / whole
    if share > Decimal("0.9"):
        return "nearly all"
    if share >= Decimal("0.6"):
        return "most"
    if share >= Decimal("0.4"):
        return "about half"
    return "some" if share >= Decimal("0.1") else "few"


def recorders(window: Window, audience: str) -> tuple[RecordedBy, ...]:
    """For each kind of record the sources it came from, the largest first. A kind of record of fewer people than twice the
    smallest count that the audience is shown is left out."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: dict[str, int] = defaultdict(int)
    for one in windows(window):
        for records, source, number, persons in ask(_ASKED, one.params()):
            if source is None:  # of all sources together; a person stands in one pilot
                people[records] += persons
            else:
                counts[records][source] += number
    fewest = SMALL_GROUP * threshold(audience)
    answer = []
    for records in sorted(counts):
        if people[records] < fewest:
            continue
        whole = sum(counts[records].values())
        parts = sorted(counts[records].items(), key=lambda pair: (-pair[1], pair[0]))
        answer += [RecordedBy(_records(records), _source(source), how_much(n, whole)) for source, n in parts]
    return tuple(answer)


def _records(code: str) -> str:
    return {"moves": _("Moves of the journey"), "payslips": _("Payslips"), "checks": _("Welfare checks")}[code]


def _source(code: str) -> str:
    if code in Check.Mode.values:
        return str(Check.Mode(code).label)
    return str(KIND_LABELS[Kind(code)]) if code else _("Not noted by whom")
