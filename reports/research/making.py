"""The door of research extracts: ``agree``, ``end``, ``ask``, ``make_job`` and ``hand_out``.

An extract is made by a job under the asker's rights as they are then, under an agreement that runs, of the whole pilot and of
one period for each agreement: two periods could be subtracted. It lies ready for a week; what it held stays in the register.
"""

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, jobs
from accounts.jobs import Failure, Work
from accounts.models import Job
from accounts.roles import Kind, Permission
from accounts.scope import Scope
from reports.research.grouping import Grouped, TooFew, group, told_of_all
from reports.research.models import ResearchAgreement, ResearchDownload, ResearchExtract, ResearchFile
from reports.research.rows import COLUMNS, QUASI, SENSITIVE, people
from workers.exports.deidentifying import key_for
from workers.sheets.formulas import escape

KEPT = timedelta(days=7)
STAMP = (1980, 1, 1, 0, 0, 0)  # inside the archive: the same rows give the same bytes at any time


def may(by: Scope) -> bool:
    """Whether the scope records agreements and has extracts made."""
    return by.kind == Kind.PROGRAMME and by.allows(Permission.EXPORT_DEIDENTIFIED)


def agree(agreement: ResearchAgreement, *, by: Scope) -> ResearchAgreement:
    """Record an agreement that was signed on paper, as the organisation of this scope.

    Raises PermissionDenied, and ValidationError with what the agreement lacks.
    """
    if not may(by) or agreement.pilot_id not in by.pilot_ids:
        raise PermissionDenied("research")
    agreement.organisation_id, agreement.user_id = by.organisation_id, by.user_id
    agreement.full_clean(exclude=["organisation", "user"])
    agreement.save()
    audit.record("research.agree", "research agreement", agreement.pk, scope=by, pilot_id=agreement.pilot_id)
    return agreement


def refuse_now(agreement: ResearchAgreement, first: date, last: date, *, by: Scope, today: date) -> None:
    """Raise PermissionDenied, or ValidationError with the sentence why nothing is given under this agreement now."""
    if not may(by) or agreement.organisation_id != by.organisation_id or agreement.pilot_id not in by.pilot_ids:
        raise PermissionDenied("research")
    if not agreement.signed_on <= today <= agreement.last_day:
        raise ValidationError(_("This agreement does not run today, so nothing is given under it."))
    if last < first:
        raise ValidationError({"period_to": _("The period ends before it begins.")})
    given = ResearchExtract.objects.filter(agreement=agreement).order_by("id").first()
    if given and (given.period_from, given.period_to) != (first, last):
        raise ValidationError(
            {"period_from": _("Under one agreement all extracts are of the same period: two could be subtracted. A second period is a second agreement, with other codes.")}
        )  # fmt: skip


def ask(agreement: ResearchAgreement, first: date, last: date, *, by: Scope, now: datetime) -> Job:
    """Ask for the job that makes the extract."""
    refuse_now(agreement, first, last, by=by, today=timezone.localdate(now))
    key = f"{agreement.pk}:{first}:{last}:{now:%Y-%m-%dT%H:%M}"
    return jobs.ask(
        "research_extract", key=key, by=by, pilot_id=agreement.pilot_id, agreement=agreement.pk,
        period_from=first.isoformat(), period_to=last.isoformat(),
    )  # fmt: skip


def make_job(work: Work) -> dict:
    """The job ``research_extract``."""
    agreement = ResearchAgreement.objects.filter(pk=work.job.params["agreement"]).first()
    if agreement is None:
        raise Failure(_("This agreement is not there any more."))
    first, last = (date.fromisoformat(work.job.params[name]) for name in ("period_from", "period_to"))
    try:
        extract = make(agreement, first, last, by=work.scope, now=timezone.now(), job_id=work.job.pk)
    except ValidationError as error:
        raise Failure(" ".join(error.messages)) from error
    return {"extract": extract.pk, "url": f"/research/{agreement.pk}/"}


def make(
    agreement: ResearchAgreement, first: date, last: date, *, by: Scope, now: datetime, job_id: int | None = None
) -> ResearchExtract:
    """Make, register and keep the extract. Must run inside ``acting_as(by)``.

    Raises PermissionDenied, and ValidationError with a sentence where the agreement does not run or its smallest group
    cannot be reached.
    """
    refuse_now(agreement, first, last, by=by, today=timezone.localdate(now))
    rows, without_consent = people(
        agreement.pilot_id, first, last, key_for(agreement.pilot_id, f"agreement {agreement.pk}")
    )
    try:
        grouped = group(rows, QUASI, agreement.k, _given_before(agreement))
    except TooFew as error:
        raise ValidationError(
            _("No extract is made: these people cannot be put into groups of %(k)s that share what they could be recognised by, without leaving out more than one in ten. Wait for more people, or sign an agreement over a longer period.") % {"k": agreement.k}
        ) from error  # fmt: skip
    warnings = [
        _("In %(n)s groups everybody has the same value of “%(column)s”, so whoever knows that somebody is in the group learns it.") % {"n": n, "column": column}
        for column, n in told_of_all(grouped.rows, QUASI, SENSITIVE).items()
    ]  # fmt: skip
    body = archive(agreement, grouped, warnings, first, last)
    extract = ResearchExtract.objects.create(
        pilot_id=agreement.pilot_id, organisation_id=agreement.organisation_id, agreement=agreement, period_from=first,
        period_to=last, k=agreement.k, people=len(grouped.rows), left_out=grouped.left_out + without_consent,
        levels=grouped.levels, warnings=warnings, size=len(body), sha256=hashlib.sha256(body).hexdigest(), job_id=job_id,
        user_id=by.user_id, expires_at=now + KEPT,
    )  # fmt: skip
    ResearchFile.objects.create(
        extract=extract, pilot_id=agreement.pilot_id, organisation_id=agreement.organisation_id, body=body
    )
    audit.record("research.extract", "research extract", extract.pk, scope=by, pilot_id=agreement.pilot_id)
    return extract


def _given_before(agreement: ResearchAgreement) -> dict[str, int]:
    """How coarse each column was in the coarsest earlier extract: a finer one beside it would divide its groups."""
    coarsest: dict[str, int] = {}
    for levels in ResearchExtract.objects.filter(agreement=agreement).values_list("levels", flat=True):
        coarsest |= {column: max(level, coarsest.get(column, 0)) for column, level in levels.items()}
    return coarsest


def archive(agreement: ResearchAgreement, grouped: Grouped, warnings: list[str], first: date, last: date) -> bytes:
    """The file that is handed over: the rows, what each column says, and what was agreed and done. The same bytes for the
    same rows."""
    keys = [column.key for column in COLUMNS]
    table = [keys, *([row[key] for key in keys] for row in grouped.rows)]
    steps = {quasi.column: len(quasi.steps) - 1 for quasi in QUASI}
    columns = [["column", "what", "step of generalisation", "coarsest step"]]
    columns += [[c.key, _(c.words), str(grouped.levels.get(c.key, "")), str(steps.get(c.key, ""))] for c in COLUMNS]
    notes = "\n".join(_notes(agreement, grouped, warnings, first, last)) + "\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in (("README.txt", notes), ("rows.csv", _csv(table)), ("columns.csv", _csv(columns))):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, text)
    return made.getvalue()


def _csv(table: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [escape(str(cell)) for cell in row] for row in table
    )
    return text.getvalue()


def _notes(agreement: ResearchAgreement, grouped: Grouped, warnings: list[str], first: date, last: date) -> list[str]:
    told = {
        "who": agreement.recipient, "purpose": agreement.purpose, "until": agreement.last_day, "k": agreement.k,
        "first": first, "last": last, "people": len(grouped.rows), "out": grouped.left_out,
    }  # fmt: skip
    return [
        _("Research extract for %(who)s") % told,
        _("For this question alone: %(purpose)s") % told,
        _("By %(until)s the recipient has deleted it. It is not passed on, and nobody tries to find out who anybody is.") % told,
        "",
        _("One row is one person: whoever departed from %(first)s to %(last)s and agrees to reports without names, with the newest placement.") % told,
        _("Every row shares sex, birth, origin, employer, departure and number of placements with %(k)s people at least, itself among them. * means: not told.") % told,
        _("%(people)s people are in it. %(out)s were left out because their groups were smaller; what is said of all leaves them out too.") % told,
        _("Codes of persons and employers belong to this agreement alone and cannot be joined with another. Amounts have two digits, days are quarters or longer."),
        *warnings,
    ]  # fmt: skip


def hand_out(extract: ResearchExtract, *, by: Scope, now: datetime) -> bytes:
    """The bytes, for those who may make extracts of this organisation; each time is recorded. ValidationError with a
    sentence when the time is over or the agreement has ended."""
    agreement = extract.agreement
    if not may(by) or extract.organisation_id != by.organisation_id:
        raise PermissionDenied("research")
    if timezone.localdate(now) > agreement.last_day:
        raise ValidationError(_("The agreement has ended, so its extracts are not handed out any more."))
    file = ResearchFile.objects.filter(extract=extract).first()
    if file is None or now >= extract.expires_at:
        raise ValidationError(_("This extract does not lie here any more. Ask for it again."))
    ResearchDownload.objects.bulk_create([
        ResearchDownload(
            pilot_id=extract.pilot_id, organisation_id=extract.organisation_id, extract=extract, user_id=by.user_id
        )
    ])  # fmt: skip
    audit.record("download", "research extract", extract.pk, scope=by, pilot_id=extract.pilot_id)
    return bytes(file.body)


def end(agreement: ResearchAgreement, *, by: Scope, on: date, reason: str) -> None:
    """End an agreement before its day: nothing is given any more, and what lies ready is deleted.

    Raises PermissionDenied, and ValidationError beside the field that is wrong.
    """
    if not may(by) or agreement.organisation_id != by.organisation_id:
        raise PermissionDenied("research")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is ended.")})
    if agreement.ended_on:
        raise ValidationError({"reason": _("This agreement is ended already.")})
    agreement.ended_on, agreement.ended_reason = max(on, agreement.signed_on), reason.strip()
    agreement.save(update_fields=["ended_on", "ended_reason"])
    ResearchFile.objects.filter(extract__agreement=agreement).delete()
    audit.record("research.end", "research agreement", agreement.pk, scope=by, pilot_id=agreement.pilot_id)
