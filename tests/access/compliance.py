"""The compliance pages."""

from datetime import date
from decimal import Decimal


def _recorded(cast, code: str, told: bool):
    from compliance.checking import Answered, record_check

    placement = cast.placement(code)
    item = "D11" if told else "D09"
    answers = {item: Answered("yes" if told else "no", shown_by="worker alone")}
    on = date(2026, 7, 1)
    with cast.acting("rosa") as by:
        return record_check(placement.pk, "employment", answers, by=by, done_on=on, today=on, told=told)


def _standing(cast, code: str, told: bool) -> int:
    """The finding of that failure, opened now or before."""
    done = _recorded(cast, code, told)
    return (done.opened + done.seen_again)[0]


def _action(cast, code: str):
    """An action on the finding of that placement, put to the employer."""
    from compliance.remedies.actions import put

    pk, on = _standing(cast, code, False), date(2026, 7, 1)
    owner = cast.placement(code).employer_id
    with cast.acting("ines") as by:
        return put([pk], words="Give it back.", owner_id=owner, due_on=on, by=by, on=on)[0].pk


def _entry(cast, code: str) -> int:
    """An amount claimed for the finding of that placement."""
    from compliance.models import Finding
    from compliance.remedies.ledger import record

    pk = _standing(cast, code, False)
    with cast.acting("ines") as by:
        found = Finding.objects.get(pk=pk)
        return record(found, "claimed", Decimal(5), currency="NZD", by=by, on=date(2026, 7, 1), words="payslip").pk


def _first_file(cast, campaign):
    with cast.acting("ines"):
        return campaign.items.first().pk


def _campaign(cast, code: str):
    """A sample of that recruiter's files."""
    from compliance.campaigns.drawing import draw

    with cast.acting("ines") as by:
        partner = cast.organisation(code).pk
        return draw(cast.pilot(), partner, sample_size=2, seed="s", questions=["contract"], by=by, on=date(2026, 7, 1))


def _step_file(cast, code: str) -> int:
    """What Orchard Bay sent with its report on an action at that placement."""
    from compliance.models import CorrectiveAction, StepFile
    from compliance.remedies.actions import report_done
    from tests.files import sent
    from workers.files.door import keep

    pk, on = _action(cast, code), date(2026, 7, 1)
    with cast.acting("omar") as by:
        step = report_done(CorrectiveAction.objects.get(pk=pk), by=by, on=on, words="Given back.")
        row = {"pilot_id": step.pilot_id, "step": step, "owner_id": step.owner_id}
        return keep(StepFile, sent.photo(), by=by, **row).pk


def _payment(cast, code: str) -> int:
    """A payment of five dollars for the finding of that placement, recorded by Ines."""
    from compliance.models import Finding
    from compliance.remedies.settlements import record

    _entry(cast, code)
    pk, on = _standing(cast, code, False), date(2026, 7, 1)
    with cast.acting("ines") as by:
        debtor = Finding.objects.get(pk=pk).employer_id
        return record(
            {pk: Decimal(5)}, debtor_id=debtor, amount=Decimal(5), currency="NZD", agrees=True, reference=f"B {pk}",
            words="bank list", by=by, on=on, today=on,
        ).pk  # fmt: skip


RESOLVE = {
    "cohort": lambda cast, code: cast.cohort(code).pk,
    "step_file": _step_file,
    "payment": _payment,
    "campaign": lambda cast, code: _campaign(cast, code).pk,
    "campaign_file": lambda cast, code: _first_file(cast, _campaign(cast, code)),
    "action": _action,
    "entry": _entry,
    "site": lambda cast, code: cast.placement(code).site_id,
    "check": lambda cast, code: _recorded(cast, code, False).checks[0],
    "told_check": lambda cast, code: _recorded(cast, code, True).checks[0],
    "finding": lambda cast, code: _standing(cast, code, False),
    "told_finding": lambda cast, code: _standing(cast, code, True),
}
# Roles without the verb are told so before anything is looked up: existing and not existing look the same.
NO_VERB = dict.fromkeys(("sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "abel"), 403)
AWAY = {"zed": 302, "nobody": 302}
OFFICERS = dict.fromkeys(("ines", "mara"), 200)
WELFARE = dict.fromkeys(("rosa", "lena"), 200)
MAY_SEE = NO_VERB | AWAY | OFFICERS | WELFARE
SEE = MAY_SEE | {"dana": 404}  # things of a pilot; Dana is an officer of another one
RECORD = NO_VERB | AWAY | dict.fromkeys(("ines", "mara", "dana"), 403) | WELFARE


def _post(expected: dict, wrong: int) -> dict:
    """Sent empty, by whoever may: refused as incomplete."""
    return {name: wrong if status == 200 else status for name, status in expected.items()}


# Without a pilot named there is nothing to apply the rules to.
EVALUATE = NO_VERB | AWAY | {"ines": 404, "mara": 404, "dana": 404, "lena": 404, "rosa": 403}
# An action at IH-001 is Orchard Bay's: its owner reads it, the other partners do not find it.
ACTION = SEE | {"omar": 200, "olga": 404, "sefo": 404, "tavi": 404, "abel": 404}
PARTNERS = dict.fromkeys(("sefo", "tavi", "omar", "olga", "abel"), 200)
AT_WORK = {"pk": "placement=IH-001"}
PAGES = [
    ("compliance:surveys", {"pk": "cohort=V1"}, SEE),
    ("compliance:survey", AT_WORK | {"wave": "baseline"}, SEE),
    ("compliance:survey", {"pk": "placement=AZ-001", "wave": "baseline"}, SEE | {"ines": 404, "mara": 404, "rosa": 404, "lena": 404, "dana": 200}),
    ("compliance:not_met", {}, MAY_SEE | {"dana": 200}),
    ("compliance:checks", {}, MAY_SEE | {"dana": 200}),
    ("compliance:check", {"pk": "check=IH-001"}, SEE),
    ("compliance:check", {"pk": "told_check=IH-001"}, SEE | {"ines": 404, "mara": 404}),
    ("compliance:placement_panel", AT_WORK, SEE),
    ("compliance:placement_panel", AT_WORK, _post(RECORD, 404), "post"),
    ("compliance:check_new", AT_WORK, RECORD),
    ("compliance:coverage", {}, MAY_SEE | {"dana": 200}),
    ("compliance:coverage_list", {}, MAY_SEE | {"dana": 200}),
    ("compliance:attempt_new", AT_WORK, RECORD),
    ("compliance:attempt_new", {"pk": "placement=AZ-001"}, RECORD | {"rosa": 404, "lena": 404}),
    ("compliance:attempts", AT_WORK, _post(RECORD, 422), "post"),
    ("compliance:check_new", {"pk": "placement=AZ-001"}, RECORD | {"rosa": 404, "lena": 404}),
    ("compliance:told", AT_WORK, RECORD),
    ("compliance:told", AT_WORK, _post(RECORD, 422), "post"),
    ("compliance:visit_new", {"pk": "site=IH-001"}, RECORD),
    ("compliance:visits", {"pk": "site=IH-001"}, _post(RECORD, 404), "post"),
    ("compliance:visit", {"pk": "site=IH-001", "key": "0123456789abcdef0123456789abcdef"}, RECORD),
    ("compliance:alone", AT_WORK, RECORD),
    # Nothing is answered on a phone that was not locked by handing it over.
    ("compliance:alone", AT_WORK, _post(RECORD, 409), "post"),
    ("compliance:handing_over", AT_WORK, _post(RECORD, 303), "post"),
    ("compliance:alone_done", AT_WORK, RECORD),
    ("compliance:findings", {}, MAY_SEE | {"dana": 200}),
    ("compliance:finding", {"pk": "finding=IH-001"}, SEE),
    ("compliance:finding", {"pk": "told_finding=IH-001"}, SEE | {"ines": 404, "mara": 404}),
    ("compliance:remedies", {"pk": "finding=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:remedies", {"pk": "finding=IH-001"}, dict.fromkeys(("ines", "rosa", "omar"), 405) | {"omar": 405}),
    ("compliance:finding_follows", {"pk": "finding=IH-001"}, _post(SEE, 303), "post"),
    ("compliance:finding_follows", {"pk": "told_finding=IH-001"}, _post(SEE, 403) | {"ines": 404, "mara": 404}, "post"),
    ("compliance:waivers", {"pk": "finding=IH-001"},
     _post(SEE, 422) | {"ines": 403, "rosa": 403, "dana": 403}, "post"),
    ("compliance:reopenings", {"pk": "finding=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:action_put", {"pk": "finding=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:entries", {"pk": "finding=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:reversals", {"pk": "entry=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:actions", {}, MAY_SEE | PARTNERS | {"dana": 200}),
    ("compliance:action", {"pk": "action=IH-001"}, ACTION),
    ("compliance:action_reports", {"pk": "action=IH-001"}, _post(ACTION, 422), "post"),
    ("compliance:action_verifications", {"pk": "action=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:action_returns", {"pk": "action=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:action_withdrawals", {"pk": "action=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:together", {}, _post(MAY_SEE | {"dana": 200}, 303)),
    ("compliance:together_actions", {}, _post(MAY_SEE | {"dana": 200}, 303), "post"),
    ("compliance:patterns", {}, MAY_SEE | {"dana": 200}),
    ("compliance:pattern_list", {}, _post(MAY_SEE | {"dana": 200}, 404)),
    ("compliance:rules", {}, MAY_SEE | {"dana": 200}),
    ("compliance:cannot_tell", {}, MAY_SEE | {"dana": 200}),
    ("compliance:evaluations", {}, EVALUATE, "post"),
    ("compliance:campaigns", {}, MAY_SEE | {"dana": 200}),
    ("compliance:campaigns", {}, _post(MAY_SEE | {"dana": 200}, 422), "post"),
    ("compliance:campaign_new", {}, MAY_SEE | {"dana": 200}),
    ("compliance:campaign", {"pk": "campaign=island-hands"}, SEE),
    ("compliance:campaign_file", {"pk": "campaign_file=island-hands"}, SEE),
    ("compliance:campaign_answers", {"pk": "campaign_file=island-hands"}, _post(SEE, 422), "post"),
    ("compliance:action_file", {"pk": "step_file=IH-001"}, ACTION),
    ("compliance:action_file_withdrawals", {"pk": "step_file=IH-001"}, _post(SEE, 303), "post"),
    ("compliance:payments", {}, MAY_SEE | {"dana": 200}),
    ("compliance:payments", {}, _post(MAY_SEE | {"dana": 200}, 303), "post"),
    ("compliance:payment", {"pk": "payment=IH-001"}, SEE),
    ("compliance:payment_verifications", {"pk": "payment=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:payment_withdrawals", {"pk": "payment=IH-001"}, _post(SEE, 422), "post"),
    ("compliance:ledger", {}, MAY_SEE | {"dana": 200}),
    ("compliance:ledger_lines", {}, MAY_SEE | {"dana": 200}),
]  # fmt: skip
