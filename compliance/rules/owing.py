"""Who owns a cent: where two findings are about the same money, one of them owes it and the other what is left.

Most rules are about different money: hours that were worked (PAY-01, PAY-07), hours that were not offered (PAY-02), items
without agreement (PAY-03) and beyond one (PAY-04), what never came (PAY-06). Four are not, and each says less:

* CON-01 owes what was signed above the lowest lawful rate; what is under that rate is PAY-01's (``contracts.py``).
* PAY-08 owes of the rent above its cap what PAY-03 and PAY-04 do not give back of the same rent (``deductions.py``).
* FEE-03 owes a deposit once, though it may be entered as a cost and as a debt (``costs.py``).
* PAY-05 comes last: whatever is paid for the same payslip, its block of weeks or its contract raises what is left of it.

So the amounts of a worker's findings can be added up. Here is the last of these, which several subjects decide together.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from compliance.rules.judging import BROKEN

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


def share() -> None:
    """Take from the verdicts in ``rule_verdict`` what another verdict owes already."""
    given: Mapping[str, Any] = {"broken": BROKEN, "same": list(_SAME_PAYSLIP)}
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from rule_verdict where rule = 'PAY-05' and verdict = %s)", [BROKEN])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(_LEAVE_THE_REST.format(rest=_OF_THE_PAYSLIP), given)
        for rule, covers in _STRETCHES.items():
            cursor.execute(_LEAVE_THE_REST.format(rest=_OF_A_STRETCH.format(rule=rule, covers=covers)), given)
