"""Who owns a cent: where two findings are about the same money, one of them owes it and the other what is left.

Most rules are about different money: hours that were worked (PAY-01, PAY-07), hours that were not offered (PAY-02), items
without agreement (PAY-03) and beyond one (PAY-04), what never came (PAY-06). Four are not, and each says less:

* CON-01 owes what was signed above the lowest lawful rate; what is under that rate is PAY-01's (``contracts.py``).
* PAY-08 owes of the rent above its cap what PAY-03 and PAY-04 do not give back of the same rent (``deductions.py``).
* FEE-03 owes a deposit once, though it may be entered as a cost and as a debt (``costs.py``).
* PAY-05 comes last: whatever is paid for the same payslip, its block of weeks or its contract raises what is left of it.

What was repaid, or is asked for already, stays so: where facts are recorded differently afterwards, so that another rule
sees the same money, it owes what is left of it.

So the amounts of a worker's findings can be added up. Here is what several subjects decide together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from compliance.rules.judging import BROKEN
from compliance.rules.storing import BY_A_PARTNER

# On the same payslip, known by the same source.
_SAME_PAYSLIP = ("PAY-01", "PAY-03", "PAY-04", "PAY-07", "PAY-08")
# Over a stretch with several payslips: what it owes covers the earliest of them first.
_STRETCHES = {
    "PAY-02": "o.period_start <= v.period_start and o.period_end >= v.period_start",
    "CON-01": "true",
}

_LEAVE_THE_REST = """
update rule_verdict v set owed = nullif(r.owed, 0)
from ({rest}) r
where v.rule = 'PAY-05' and v.verdict = %(broken)s and v.source = r.source and v.owed is distinct from nullif(r.owed, 0)
"""

_OF_THE_PAYSLIP = """
select v.source, greatest(v.owed - sum(o.owed), 0) as owed
from rule_verdict v
join rule_verdict o on o.source = v.source and o.rule = any(%(same)s) and o.verdict = %(broken)s and o.owed > 0
where v.rule = 'PAY-05' and v.verdict = %(broken)s and v.owed > 0
group by v.source, v.owed
"""

_OF_A_STRETCH = """
select v.source, v.owed - least(v.owed, greatest(o.owed - coalesce(sum(v.owed) over (
    partition by v.placement_id, o.source order by v.period_start, v.source rows between unbounded preceding and 1 preceding
  ), 0), 0)) as owed
from rule_verdict v
join rule_verdict o on o.placement_id = v.placement_id and o.rule = '{rule}' and o.verdict = %(broken)s and o.owed > 0
  and {covers}
where v.rule = 'PAY-05' and v.verdict = %(broken)s and v.owed > 0
"""


# Facts are recorded differently, and another rule sees the same money on the same payslip or cost. What was paid beyond
# what its own rule still owes was paid for all of them; what stays open for a person, because somebody asked for it or a
# partner changed the record, is asked for there.
_ASKED_ELSEWHERE = f"""
with known as (
  select f.pilot_id, f.code, f.source, coalesce(s.currency, f.currency) as currency, coalesce(s.paid, 0) as paid,
    case when v.rule is null and f.state in ('open', 'waived') and (s.finding_id is not null or f.doubted
        or exists (select from compliance_correctiveaction c where c.finding_id = f.id) or exists ({BY_A_PARTNER}))
      then greatest(f.owed, s.claimed, s.agreed, s.paid, 0) else greatest(coalesce(s.paid, 0) - coalesce(v.owed, 0), 0) end
      as covers
  from compliance_finding f
  left join (
    select e.finding_id, min(e.currency) as currency, sum(e.amount) filter (where e.kind = 'paid') as paid,
      sum(e.amount) filter (where e.kind = 'claimed') as claimed, sum(e.amount) filter (where e.kind = 'agreed') as agreed
    from compliance_remedyentry e where e.pilot_id = any(%(pilots)s) group by e.finding_id
  ) s on s.finding_id = f.id
  left join rule_verdict v on v.pilot_id = f.pilot_id and v.rule = f.code and v.source = f.source and v.verdict = %(broken)s
  where f.pilot_id = any(%(pilots)s) and f.source <> '' and not f.restricted
    and f.placement_id in (select placement_id from rule_verdict where verdict = %(broken)s and owed > 0)
),
covered as (
  select pilot_id, source, currency, sum(covers) as amount from known group by pilot_id, source, currency having sum(covers) > 0
),
left_over as (
  select v.pilot_id, v.rule, v.source, v.owed - least(v.owed, greatest(b.amount - coalesce(sum(v.owed) over (
      partition by v.pilot_id, v.source order by v.rule rows between unbounded preceding and 1 preceding), 0), 0)) as owed
  from rule_verdict v join covered b on b.pilot_id = v.pilot_id and b.source = v.source and b.currency = v.currency
  where v.verdict = %(broken)s and v.owed > 0 and not exists (
    select from known k where k.pilot_id = v.pilot_id and k.source = v.source and k.code = v.rule and k.paid > 0)
)
update rule_verdict v set owed = nullif(l.owed, 0) from left_over l
where v.pilot_id = l.pilot_id and v.rule = l.rule and v.source = l.source and v.verdict = %(broken)s
  and v.owed is distinct from nullif(l.owed, 0)
"""
# Nothing of it where nobody has asked, paid or changed anything in the pilot.
_ANYTHING = """
select exists (select from compliance_remedyentry where pilot_id = any(%(pilots)s))
  or exists (select from compliance_correctiveaction where pilot_id = any(%(pilots)s))
  or exists (select from compliance_partnerchange where pilot_id = any(%(pilots)s))
"""


def share(pilots: Sequence[int]) -> None:
    """Take from the verdicts in ``rule_verdict`` what another verdict owes already, or what was repaid for the same facts."""
    given: Mapping[str, Any] = {"broken": BROKEN, "same": list(_SAME_PAYSLIP), "pilots": list(pilots)}
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from rule_verdict where rule = 'PAY-05' and verdict = %s)", [BROKEN])
        if cursor.fetchone()[0]:
            cursor.execute(_LEAVE_THE_REST.format(rest=_OF_THE_PAYSLIP), given)
            for rule, covers in _STRETCHES.items():
                cursor.execute(_LEAVE_THE_REST.format(rest=_OF_A_STRETCH.format(rule=rule, covers=covers)), given)
        cursor.execute(_ANYTHING, given)
        if cursor.fetchone()[0]:
            cursor.execute(_ASKED_ELSEWHERE, given)
