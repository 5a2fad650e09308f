"""An uploaded sheet and its rows, kept: nothing expires between preview and commit, and two people can look at it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Cohort, Pilot


class ImportBatch(models.Model):
    """One uploaded sheet of one kind, from upload through check to commit (or undo)."""

    class State(models.TextChoices):
        """Where the batch stands."""

        UPLOADED = "uploaded", _("Being checked")
        CHECKED = "checked", _("Ready to commit")
        REFUSED = "refused", _("Not readable")
        COMMITTED = "committed", _("Committed")
        UNDONE = "undone", _("Taken back")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="+", null=True, blank=True)
    kind = models.CharField(_("kind of sheet"), max_length=16)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    trouble = models.TextField(blank=True)
    summary = models.JSONField(default=dict, help_text=_("Counts: rows, new, changed, same, refused; notes; mapping."))
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())
    checked_at = models.DateTimeField(_("checked"), null=True)
    committed_at = models.DateTimeField(_("committed"), null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    undone_reason = models.CharField(max_length=300, blank=True)
    # The sheet whose refused rows this one holds, mended: "second part of …".
    part_of = WithinPilot("self", models.PROTECT, related_name="parts", null=True, blank=True, db_index=False)
    # Rows were left out when it was committed; the mended world may take the same file once more.
    partial = models.BooleanField(default=False)
    # A sheet of checks holds what workers said alone: programme officers read it no more than the checks themselves.
    restricted = models.BooleanField(default=False, db_default=False)

    # Its bytes and rows were deleted, 90 days after it was sent (workers/sheets/forgetting.py).
    forgotten_at = models.DateTimeField(_("rows deleted"), null=True)

    row_policy = rows(
        owner="ru all", programme="riu not restricted", safeguarding="riu own report", recruiter="riu own report",
        employer="riu own report", welfare="riu own report", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="batch_of_organisation"),
            models.Index(fields=["part_of"], name="batch_parts", condition=Q(part_of__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation", "kind", "file_sha256"],
                condition=Q(state="committed", partial=False),
                name="batch_committed_once",
                violation_error_message=_("This very file was already committed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ImportFile(models.Model):
    """The bytes that were sent, read again for the remainder. Only the organisation that sent them reads them.

    Apart from the batch, whose row is changed often and whose history is kept.
    """

    batch = models.OneToOneField(
        ImportBatch, models.PROTECT, primary_key=True, db_constraint=False, related_name="file"
    )
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    content = models.BinaryField()
    restricted = models.BooleanField(default=False, db_default=False)

    row_policy = rows(
        owner="rd all", programme="ri own and open", safeguarding="ri own report", recruiter="ri own report",
        employer="ri own report", welfare="ri own report", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self) -> str:
        return f"file of {self.batch_id}"


class ImportRest(models.Model):
    """The workbook of the rows to mend of a long sheet, made by a worker. As near as the file it was made from, and gone
    with it."""

    batch = models.OneToOneField(
        ImportBatch, models.PROTECT, primary_key=True, db_constraint=False, related_name="rest_file"
    )
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    content = models.BinaryField()
    made_at = models.DateTimeField(_("made"), db_default=Now())
    restricted = models.BooleanField(default=False, db_default=False)

    row_policy = rows(
        owner="rd all", programme="rid own and open", safeguarding="rid own report", recruiter="rid own report",
        employer="rid own report", welfare="rid own report", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("workbook of rows to mend")
        verbose_name_plural = _("workbooks of rows to mend")

    def __str__(self) -> str:
        return f"rest of {self.batch_id}"


class ImportRow(models.Model):
    """One row of an uploaded sheet: raw cells, clean values, problems, and what committing it would do."""

    class Verdict(models.TextChoices):
        """What committing this row would do."""

        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        REFUSED = "refused", _("Refused")
        CONFLICT = "conflict", _("Conflict")

    # The batch's, and the composite key to it says that the pilot is: a hundred thousand rows are not looked up again.
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    batch = WithinPilot(ImportBatch, models.PROTECT, related_name="rows", db_index=False)
    row_number = models.PositiveIntegerField(_("row"))
    raw = models.JSONField(default=dict)
    clean = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    changes = models.JSONField(default=dict)
    person_id = models.BigIntegerField(null=True)
    placement_id = models.BigIntegerField(null=True)
    # Of a row that tells of nobody known, the code in it. A column, because a policy lets no index look into a document.
    worker_code = models.CharField(max_length=40, null=True)  # noqa: DJ001 - of most rows nothing need be kept
    restricted = models.BooleanField(default=False, db_default=False)

    row_policy = rows(
        owner="rd all", programme="riud not restricted", safeguarding="riud own report", recruiter="riud own report",
        employer="riud own report", welfare="riud own report", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "row_number"]
        # Where a value comes from is asked of what was recorded: by the person, and where the row made the person, by code.
        indexes = [
            models.Index(
                fields=["person_id"], name="row_of_person",
                condition=Q(verdict__in=("new", "changed"), person_id__isnull=False),
            ),
            models.Index(
                fields=["pilot", "worker_code"], name="row_of_worker_id",
                condition=Q(verdict__in=("new", "changed"), person_id__isnull=True),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row_number"], name="row_once", violation_error_message=_("This row was already read.")
            )
        ]

    def __str__(self) -> str:
        return f"row {self.row_number}"


class ImportEdit(models.Model):
    """A cell that somebody mended on the page of an import: read in the place of what the file holds there."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    batch = WithinPilot(ImportBatch, models.PROTECT, related_name="edits", db_index=False)
    row_number = models.PositiveIntegerField(_("row"))
    place = models.PositiveSmallIntegerField(_("column"), help_text=_("Place among the headers, counted from 0."))
    value = models.CharField(max_length=1000, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    edited_at = models.DateTimeField(db_default=Now())
    restricted = models.BooleanField(default=False, db_default=False)

    row_policy = rows(
        owner="rd all", programme="riud own and open", safeguarding="riud own report", recruiter="riud own report",
        employer="riud own report", welfare="riud own report", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("mended cell")
        verbose_name_plural = _("mended cells")
        ordering = ["batch", "row_number", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row_number", "place"],
                name="cell_mended_once",
                violation_error_message=_("This cell was mended already; open the sheet again."),
            )
        ]

    def __str__(self) -> str:
        return f"row {self.row_number}, column {self.place}"


class WithheldText(models.Model):
    """Words of a sheet, or of a note (``batch`` is then empty), that tell of health or abuse, handed over to those few who
    may read them.

    Whoever wrote or sent them hands them over and cannot read them back here; safeguarding leads of the pilot read them.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    batch = WithinPilot(ImportBatch, models.PROTECT, related_name="+", null=True, db_index=False)
    row_number = models.PositiveIntegerField(_("row"))
    worker_code = models.CharField(_("worker ID"), max_length=40, blank=True)
    header = models.CharField(_("column"), max_length=200)
    text = models.TextField(_("as written"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    handed_at = models.DateTimeField(_("handed over"), db_default=Now())

    row_policy = rows(
        owner="rd all", safeguarding="r pilot, i own", programme="i own", recruiter="i own", employer="i own",
        welfare="i own", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("withheld text")
        verbose_name_plural = _("withheld texts")
        ordering = ["-id"]
        indexes = [models.Index(fields=["pilot", "-id"], name="withheld_of_pilot")]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row_number", "header"],
                name="withheld_once",
                violation_error_message=_("This text was handed over already."),
            )
        ]

    def __str__(self) -> str:
        return f"row {self.row_number}"


class WithheldReading(models.Model):
    """A handed-over comment was read and somebody of the safeguarding leads said so: for the others it is not new any more."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    text = WithinPilot(WithheldText, models.PROTECT, related_name="readings", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(_("read"), db_default=Now())

    row_policy = rows(owner="rd all", safeguarding="ri pilot", history="none", append_only=True)

    class Meta:
        verbose_name = _("withheld text that was read")
        verbose_name_plural = _("withheld texts that were read")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                name="withheld_read_once",
                violation_error_message=_("This text was marked as read already."),
            )
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"


class SheetHabit(models.Model):
    """What an organisation once settled about its own sheets of a kind: which column a header is, what a word means.

    Says nothing about a person, belongs to no pilot, and can be forgotten by whoever may send the kind.
    """

    class Part(models.TextChoices):
        """What was settled."""

        HEADER = "header", _("a column")
        WORD = "word", _("a word")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind of sheet"), max_length=16)
    part = models.CharField(max_length=8, choices=Part)
    about = models.CharField(max_length=40, blank=True, help_text=_("For a word, the list that it belongs to."))
    folded = models.CharField(max_length=120)
    raw = models.CharField(_("as written"), max_length=120)
    means = models.CharField(_("taken for"), max_length=120, blank=True, help_text=_("Blank: left out."))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    settled_at = models.DateTimeField(_("settled"), db_default=Now())

    row_policy = rows(
        programme="riud own", safeguarding="riud own", recruiter="riud own", employer="riud own", welfare="riud own",
        history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("habit of sheets")
        verbose_name_plural = _("habits of sheets")
        ordering = ["organisation", "kind", "part", "about", "folded"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "part", "about", "folded"],
                name="habit_once",
                violation_error_message=_("This is settled already; open the page again."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.raw}: {self.means}"
