"""From when to when an agreement on a deduction holds: one text for the pages and for the rules.

Agreements on the same item follow each other. Each holds from its first day to the eve of the next; the first of them
also covers what was taken before it. A row that supersedes another from the same day corrects or ends it; one that
begins later is a change of terms, and the older terms hold until then.

An agreement binds the pay of the employer it was made with. What a former employer had agreed with the worker follows
and is followed by its own agreements only, and covers nothing of what the present employer takes.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DateField, QuerySet
from django.db.models.expressions import RawSQL

from workers.models import DeductionAgreement, PayRecord


def name_of(item: str) -> str:
    """SQL for the name under which an item of a payslip is compared with an agreement: lower case, single blanks."""
    # Most names are one word of plain letters; only others pay for the search for blanks.
    one_word = rf"octet_length({item}) = length({item}) and translate({item}, E' \t\n\v\f\r', '') = {item}"
    return rf"lower(case when {one_word} then {item} else regexp_replace(trim({item}), '\s+', ' ', 'g') end)"


def folded(item: str) -> str:
    """The same name in Python."""
    return " ".join(item.lower().split())


def spans(wanted: str) -> str:
    """SQL for the agreements of some placements (``wanted``: a condition on ``d``) with ``folded``, ``from_day`` and
    ``to_day``; null where they hold from ever, or until further notice. ``former`` is the former employer whose agreement
    it is; null of one with the present employer, or with nobody in particular."""
    return f"""
    select a.*, case when row_number() over w > 1 then a.since end as from_day, lead(a.since) over w - 1 as to_day
    from (
      select d.*, {name_of("d.item")} as folded, coalesce(d.starts_on, '-infinity'::date) as since,
        nullif(d.employer_id, p.employer_id) as former
      from workers_deductionagreement d
      -- Whoever does not see the placement any more is a former employer, and sees its own agreements only.
      left join workers_placement p on p.id = d.placement_id
      where {wanted} and not exists (select from workers_deductionagreement n where n.supersedes_id = d.id
        and coalesce(n.starts_on, '-infinity'::date) <= coalesce(d.starts_on, '-infinity'::date))
    ) a
    window w as (partition by a.placement_id, a.former, a.folded order by a.since, a.id)
    """


_OWN_SPAN = f"""
(select s.to_day from ({spans("d.placement_id = workers_deductionagreement.placement_id")}) s
 where s.id = workers_deductionagreement.id)
"""


def held(agreements: QuerySet[DeductionAgreement]) -> QuerySet[Any]:
    """The agreements, each with ``held_to``: the last day before the next agreement on its item, or None."""
    return agreements.annotate(held_to=RawSQL(_OWN_SPAN, [], output_field=DateField()))  # noqa: S611 - the text is this module's own


def binds(agreement: DeductionAgreement, employer_id: int | None) -> bool:
    """Whether the agreement is one with this employer; one that names none is with whoever employs."""
    return agreement.employer_id is None or agreement.employer_id == employer_id


def taken(agreement: Any, pay: list[PayRecord]) -> Decimal:
    """What the periods of its employer's pay that end while an agreement (of ``held``) holds took of its item, in its
    currency."""
    name = folded(agreement.item)
    # One that was not asked for its span stands alone.
    until = getattr(agreement, "held_to", None) or date.max
    return sum(
        (
            Decimal(str(amount)) for record in pay
            if record.currency == agreement.currency and binds(agreement, record.employer_id) and record.period_end <= until
            and (agreement.starts_on is None or record.period_end >= agreement.starts_on)
            for item, amount in (record.items or {}).items() if folded(item) == name
        ),
        Decimal(0),
    )  # fmt: skip
