"""From a subject and its rules to one statement: every row judged once, and only what is broken or unknown kept.

A row for which all rules hold leaves nothing behind, so that twelve million payslips of which a few are wrong cost the
reading of twelve million and the writing of a few. All rules of a subject are answered in the same pass.
"""

from typing import Any

from django.db import connection

from compliance.rules.declaring import Rule, Subject, Use
from compliance.rules.parameters import Parameters

BROKEN, UNKNOWN = 1, 2
# What a finding can hold. A rate and hours nobody believes must not stop the rules for everybody else in the pilot.
MOST_OWED = "999999999999.99"

VERDICTS = """
create temp table rule_verdict (
  rule text, version text, severity text, pilot_id bigint, placement_id bigint, site_id bigint, source text,
  period_start date, period_end date, currency text, verdict smallint, missing text, owed numeric, evidence jsonb,
  chosen jsonb
) on commit drop
"""

# What is missing where a parameter cannot be selected, by what selects it.
DAY_MISSING = {
    "visa granted": "day on which the visa was granted",
    "contract start": "start of the contract",
    "pay period": "pay period",
    "arrival": "day of arrival",
    "lodged": "day on which the permit was lodged",
    "day": "day",
}


def judge(subject: Subject, rules: tuple[Rule, ...], p: Parameters, given: dict[str, Any]) -> int:
    """Put the verdicts of these rules into ``rule_verdict``; answers how many rows were broken or unknown."""
    with connection.cursor() as cursor:
        cursor.execute(statement(subject, rules, p), given)
        return cursor.rowcount


def statement(subject: Subject, rules: tuple[Rule, ...], p: Parameters) -> str:
    """The whole statement of a subject."""
    verdicts = ", ".join(f"({_verdict(rule)}) as v_{n}" for n, rule in enumerate(rules))
    told = ",\n".join(_told(subject, rule, n) for n, rule in enumerate(rules))
    any_bad = " or ".join(f"s.v_{n} <> 0" for n in range(len(rules)))
    return f"""
    insert into rule_verdict
    select v.rule, v.version, v.severity, s.pilot_id, s.placement_id, s.site_id, s.source, s.period_start, s.period_end,
      s.currency, v.verdict, v.missing, case when v.owed > 0 then least(round(v.owed, 2), {MOST_OWED}) end, v.evidence,
      v.chosen
    from (select s.*, {verdicts} from ({rows(subject, p)}) s offset 0) s
    cross join lateral (values {told}) as v (rule, version, severity, verdict, missing, owed, evidence, chosen)
    where ({any_bad}) and v.verdict <> 0
    """


def rows(subject: Subject, p: Parameters) -> str:
    """The rows of a subject with its parameters and derived columns, each worked out once."""
    columns = [f"{p.currency()} as scheme_currency"]
    for name, use in subject.uses.items():
        columns += [
            f"{p.value(use, subject.days)} as {name}",
            f"{p.day(use, subject.days)} as day_{name}",
            f"{p.applies(use)} as has_{name}",
            f"{p.selected_by(use, DAY_MISSING)} as no_{name}",
        ]
    # offset 0 keeps the planner from copying each CASE into every place that names the column.
    sql = f"select s.*, {', '.join(columns)} from ({subject.sql(p)}) s offset 0"
    for name, expression in subject.derived.items():
        sql = f"select s.*, ({expression}) as {name} from ({sql}) s"
    return f"{sql} offset 0" if subject.derived else sql


def _verdict(rule: Rule) -> str:
    no_day = " or ".join(f"(s.has_{n} and s.day_{n} is null)" for n in rule.needs) or "false"
    no_rule = " or ".join(f"s.{n} is null" for n in rule.needs) or "false"
    return f"""case when not coalesce({rule.when}, false) then 0 when {no_day} then {UNKNOWN} when {no_rule} then 0
      when ({rule.missing}) is not null then {UNKNOWN} when {rule.broken} then {BROKEN} else 0 end"""


def _told(subject: Subject, rule: Rule, n: int) -> str:
    evidence = ", ".join(f"'{name}', {expression}" for name, expression in rule.evidence.items())
    chosen = ", ".join(
        f"jsonb_build_object('name', '{_asked(subject, name).name}', 'on', s.day_{name}, 'value', to_jsonb(s.{name}))"
        for name in (*rule.needs, *rule.reads)
    )
    no_day = " ".join(f"when s.has_{name} and s.day_{name} is null then s.no_{name}" for name in rule.needs)
    missing = f"case {no_day} else ({rule.missing}) end" if no_day else f"({rule.missing})"
    grave = f"case when {rule.graver} then 'critical' else '{rule.severity}' end"
    return f"""('{rule.code}', '{rule.version}', {grave}, s.v_{n},
      case when s.v_{n} = {UNKNOWN} then {missing} end,
      case when s.v_{n} = {BROKEN} then {rule.owed} end,
      case when s.v_{n} = {BROKEN} then jsonb_strip_nulls(jsonb_build_object({evidence})) end,
      case when s.v_{n} = {BROKEN} then jsonb_build_array({chosen}) end)"""


def _asked(subject: Subject, name: str) -> Use:
    if name not in subject.uses:
        raise LookupError(f"The subject {subject.name} reads no parameter under the name {name}.")
    return subject.uses[name]
