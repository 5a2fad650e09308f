"""From findings to remedies: actions put to employers and recruiters, what they report, who verifies, and money owed;
and a sample of one recruiter's files, worked through in part.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle

from accounts.scope import acting_as
from compliance.campaigns.drawing import draw
from compliance.campaigns.reviewing import review
from compliance.evidence import show
from compliance.models import Finding
from compliance.remedies import actions, ledger
from compliance.remedy_forms import with_subject
from lamp_portal.world import plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.proofs import slip
from lamp_portal.world.setting_up import Ground
from workers.files.door import look

WITH_PICTURES = "tonga-apples"  # whose reports have a picture; one pilot shows how it looks
MOST = 8  # findings of one pilot that somebody is asked to mend
# What is asked for, by section of the catalogue: of the recruiter before departure, of the employer afterwards.
ASKED = {
    "A": "Show in writing who received the money, and pay it back.",
    "B": "Hand over the paper in the worker's language and have it signed.",
    "C": "Put the housing and the papers right, and keep a signed list.",
    "D": "Put it right for everybody at this place of work, and show how.",
    "E": "Settle it with the last payslip before anybody leaves.",
    "F": "Pay what is still open to the account at home.",
}
SUBJECT = {"A": "costs", "B": "contract", "C": "housing", "D": "freedom", "E": "pay", "F": "pay"}
SUBJECT |= {f"D0{n}": "pay" for n in range(1, 7)} | {"D07": "hours", "D09": "papers", "D28": "papers"}
SUBJECT |= {"D13": "safety", "D14": "safety", "D15": "safety", "D16": "housing", "D17": "housing"}
REPORTED = "Done for everybody concerned; the signed list and the payslips are in the file."
SEEN = "The list and the payslips were compared; two workers confirmed it alone."
NOT_ENOUGH = "The list lacks three signatures, and no payslip shows the payment."
MONEY = ("A01", "A02", "B07", "D01", "D03", "D04", "D05", "D06", "E02", "E03", "F02")
FATES = ("asked", "reported", "verified", "returned", "late", "verified")


def mending(plan: PilotPlan, ground: Ground, today: date) -> None:
    """Ask for the mending of the oldest open findings, each with a fate of its own; money is partly repaid."""
    chance = plans.dice("mending", plan.slug)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        rows = Finding.objects.filter(pilot=ground.pilots[plan.slug], state=Finding.State.OPEN, answer__isnull=False)
        order = ("opened_on", "placement__person__worker_code", "code")
        found = list(
            rows.select_related("placement__employer", "placement__recruiter", "pilot").order_by(*order)[:MOST]
        )
    for finding, drawn in zip(found, _fates(), strict=False):
        # The gravest stand open: the home pages show what needs somebody today.
        fate = "reported" if drawn == "verified" and finding.severity == "critical" else drawn
        if finding.code in MONEY:
            _money(plan, ground, finding, fate, Decimal(chance.randrange(60, 900)), today)
        _action(plan, ground, finding, fate, today)


def _fates() -> Iterator[str]:
    return cycle(FATES)


def _action(plan: PilotPlan, ground: Ground, finding: Finding, fate: str, today: date) -> None:
    placement = finding.placement
    early = finding.code[0] in "AB"
    if placement is None:
        return
    owner, role = (placement.recruiter, "recruiter") if early else (placement.employer, "employer")
    if owner is None or (owner.slug, role) not in ground.hands:
        return
    put_on = min(finding.opened_on + timedelta(days=1), today)
    due_on = put_on + timedelta(days=3) if fate == "late" else max(today + timedelta(days=9), put_on)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        subject = SUBJECT.get(finding.code) or SUBJECT.get(finding.code[0], "freedom")
        words = with_subject(subject, ASKED.get(finding.code[0], ASKED["D"]))
        action = actions.put(
            [finding.pk], words=words, owner_id=owner.pk, due_on=due_on, by=by,
            on=put_on, names_worker=finding.code in MONEY,
        )[0]  # fmt: skip
    if fate in ("asked", "late"):
        return
    with acting_as(ground.hands.of(owner.slug, role)) as by:
        step = actions.report_done(action, by=by, on=today, words=REPORTED)
        if plan.slug == WITH_PICTURES:
            show(step, [look(slip("SPECIMEN LIST"), "signed-list.jpg")], by=by)
    if fate == "reported":
        return
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        if fate == "verified":
            actions.verify(action, by=by, on=today, words=SEEN)
        else:
            actions.send_back(action, by=by, on=today, reason=NOT_ENOUGH)


def _money(plan: PilotPlan, ground: Ground, finding: Finding, fate: str, amount: Decimal, today: date) -> None:
    """Claimed, mostly agreed, and paid in part or whole; a rest is written off by the manager's name."""
    enter = partial(ledger.record, finding, currency=finding.pilot.currency, on=today)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        enter("claimed", amount, by=by, words="Counted from the payslips and the worker's own list.")
        if fate in ("asked", "late"):
            return
        enter("agreed", amount, by=by, words="Agreed in writing with the employer.")
        part = amount if fate == "verified" else (amount / 2).quantize(Decimal("0.01"))
        enter("paid", part, by=by, words="Bank line shown by the worker.")
    if fate == "returned" and (plan.programme, "programme_manager") in ground.hands:
        with acting_as(ground.hands.of(plan.programme, "programme_manager")) as by:
            words = "Below the cost of a second transfer; the worker agrees."
            enter("written off", Decimal("5.00"), by=by, words=words)


FILES = 12
BAD = 0.22
ASKED_OF_FILES = ("contract", "costs", "consent", "training")
LACKING = ("The last page has no signature.", "The receipt is for another amount.", "No date stands on it.")


def sample(plan: PilotPlan, ground: Ground, today: date) -> None:
    """A sample of the first recruiter's files: all looked at for contract and costs, the rest not yet."""
    chance = plans.dice("files", plan.slug)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        partner = ground.organisations[next(iter(plan.recruiters))]
        on = today - timedelta(days=6)
        campaign = draw(
            ground.pilots[plan.slug], partner.pk, sample_size=FILES, seed=f"{plan.slug} 07-19-23-31", on=on,
            questions=ASKED_OF_FILES, by=by,
        )  # fmt: skip
        for item in campaign.items.select_related("campaign").order_by("place"):
            given = {}
            for code in ASKED_OF_FILES[:2]:
                drawn = chance.random()
                bad = "wrong" if drawn < BAD / 3 else "incomplete"
                given[code] = (bad, chance.choice(LACKING)) if drawn < BAD else ("complete", "")
            review(item, given, by=by, on=today)
