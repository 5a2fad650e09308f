"""Organisations, the people who sign in, their memberships and invitations, jobs, history and audit."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.hidden import HIDDEN, Hidden
from accounts.notices.models import NoticeChoice, NoticeKnock, NoticePlan  # noqa: F401 - tables of a room of this app
from accounts.roles import KIND_LABELS, ROLES
from accounts.rows import rows


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A person who may sign in; without a password they sign in by code or passkey."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """An operator of the installation (accounts and settings; no person's data)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do comes from a membership, never from this row."""

    password = Hidden(_("password"), max_length=128)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    theme = models.CharField(_("appearance"), max_length=8, default="system")
    first_steps_closed_at = models.DateTimeField(_("first steps put away"), null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    date_joined = models.DateTimeField(_("since"), db_default=Now())

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    row_policy = rows(
        app="riu all", operator="riu all", programme="r colleague", safeguarding="r colleague",
        recruiter="r colleague", employer="r colleague", welfare="r colleague", reader="r colleague",
        history="restricted", hidden=("password",),
    )  # fmt: skip

    class Meta:
        verbose_name = _("person with an account")
        verbose_name_plural = _("people with an account")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_small_letters",
                violation_error_message=_("Write the e-mail address in small letters."),
            )
        ]

    def __str__(self) -> str:
        # Never the e-mail: what a record calls itself ends in logs and in the admin's list of changes.
        return self.name or f"account {self.pk}"

    def save(self, *args, **kwargs) -> None:
        """As ever; but what was read under a role that sees no password never overwrites one."""
        if self.password == HIDDEN and kwargs.get("update_fields") is None:
            own = [f.name for f in self._meta.concrete_fields if not f.primary_key and f.name != "password"]
            kwargs["update_fields"] = own
        super().save(*args, **kwargs)

    def get_short_name(self) -> str:
        """The name as the person gave it."""
        return self.name


class Organisation(models.Model):
    """A partner: programme, recruiter, employer, government, funder or welfare partner."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=[(k.value, v) for k, v in KIND_LABELS.items()])
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as TO or NZ."))
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    row_policy = rows(
        app="r all", operator="riu all", programme="r partner", safeguarding="r partner", recruiter="r partner",
        employer="r partner", welfare="r partner", reader="r partner", compiler="r partner",
    )  # fmt: skip

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in KIND_LABELS]),
                name="organisation_kind_known",
                violation_error_message=_("This kind of organisation is not known."),
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"),
                name="organisation_country_iso",
                violation_error_message=_("Write the country as two capital letters, such as NZ."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organisation, from a day to a day. One role per person and organisation at a time."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=24, choices=[(r.code, r.label) for r in ROLES.values()])
    manages_members = models.BooleanField(_("may invite and remove colleagues"), default=False)
    started_at = models.DateTimeField(_("since"), db_default=Now())
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    second_factor: bool  # no column: whether the person has set one up, where ``members.members_of`` gave the row

    row_policy = rows(
        app="riu all", operator="riu all", programme="ru own", safeguarding="ru own", recruiter="ru own",
        employer="ru own", welfare="ru own", reader="ru own",
    )  # fmt: skip

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="membership_once",
                violation_error_message=_("This person is already a member."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=list(ROLES)),
                name="membership_role_known",
                violation_error_message=_("This role is not known."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
                violation_error_message=_("A membership cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Invitation(models.Model):
    """A way in for one e-mail address, into one organisation and role, for seven days. The token is stored hashed."""

    email = models.EmailField(_("e-mail"), max_length=254)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=24, choices=[(r.code, r.label) for r in ROLES.values()])
    manages_members = models.BooleanField(_("may invite and remove colleagues"), default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(_("sent"), db_default=Now())
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    row_policy = rows(
        app="ru all", operator="riu all", programme="riu own", safeguarding="riu own", recruiter="riu own",
        employer="riu own", welfare="riu own", reader="riu own", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
                violation_error_message=_("This address already has an open invitation."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
                violation_error_message=_("An accepted invitation cannot be withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Job(models.Model):
    """Work asked for and done in the background. This row is the truth; the broker only carries its id.

    ``key`` makes asking twice harmless. ``attempt`` fences: every write of a worker says "and attempt = mine".
    """

    class State(models.TextChoices):
        """Where a job stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Needs a person")

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=120, help_text=_("The same key asks for the same work."))
    params = models.JSONField(default=dict)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    role = models.CharField(max_length=24, blank=True)
    pilot_id = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_words = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    trouble = models.TextField(blank=True, help_text=_("What went wrong, in words a person can act on."))

    row_policy = rows(
        operator="ru all", programme="riu own", safeguarding="riu own", recruiter="riu own", employer="riu own",
        welfare="riu own", reader="riu own", compiler="riu own", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_to_sweep", condition=~Q(state="done")),
            models.Index(fields=["organisation", "-id"], name="job_of_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], name="job_once", violation_error_message=_("This work was already asked for.")
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, state__in=["waiting", "running"])
                | Q(finished_at__isnull=False, state__in=["done", "failed"]),
                name="job_finished_has_time",
                violation_error_message=_("A finished job has the time it finished."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in {self.State.DONE, self.State.FAILED}


class History(models.Model):
    """Append-only record of every change to a protected table, written by statement triggers of the owner.

    Inserts are one row per statement with the ids (a row is its own first version); updates and deletes are a
    row each with the values before. Nobody but the owner's trigger function can write here.
    """

    at = models.DateTimeField(db_default=Now())
    table_name = models.CharField(max_length=63)
    operation = models.CharField(max_length=1)
    row_id = models.BigIntegerField(null=True)
    row_ids = models.JSONField(null=True)
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    pilot_id = models.BigIntegerField(null=True)
    restricted = models.BooleanField(default=False)
    user_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=24, blank=True)
    request = models.CharField(max_length=64, blank=True)
    before = models.JSONField(null=True)

    row_policy = rows(programme="r open history", safeguarding="r open history", history="own", append_only=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history of changes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["table_name", "row_id"], name="history_of_row", condition=Q(row_id__isnull=False)),
            models.Index(fields=["pilot_id", "-id"], name="history_of_pilot"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"


class AuditEvent(models.Model):
    """Append-only: sign-ins, refusals, reads of sensitive records, downloads. Ids only, never names or values."""

    at = models.DateTimeField(_("at"), db_default=Now())
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    pilot_id = models.BigIntegerField(null=True)
    action = models.CharField(_("action"), max_length=40)
    object_kind = models.CharField(_("of what"), max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    outcome = models.CharField(_("outcome"), max_length=16, default="done")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    request = models.CharField(max_length=64, blank=True)
    # That somebody read what was told in confidence says that it was told.
    restricted = models.BooleanField(default=False, db_default=False)

    row_policy = rows(
        app="i all", operator="ri all", programme="i own, r open own or pilot", safeguarding="i own, r own or pilot",
        recruiter="ri own", employer="ri own", welfare="ri own", reader="ri own", compiler="i own",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_kind", "object_id"], name="audit_of_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind} {self.object_id}"


class SavedView(models.Model):
    """A list under chosen filters, columns and order, kept by name: one's own, or the team's where it is ``shared``.

    ``query`` is what stands in the address of the list; words that were searched for are never kept.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    listing = models.CharField(_("list"), max_length=24)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=400, blank=True)
    shared = models.BooleanField(_("for the whole team"), default=False)
    saved_at = models.DateTimeField(_("saved"), db_default=Now())

    row_policy = rows(
        programme="r mine or shared here, iud mine here", safeguarding="r mine or shared here, iud mine here",
        recruiter="r mine or shared here, iud mine here", employer="r mine or shared here, iud mine here",
        welfare="r mine or shared here, iud mine here", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "listing", "name"],
                name="saved_view_once",
                violation_error_message=_("You already have a view of this name on this list."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="saved_view_has_name", violation_error_message=_("A view needs a name.")
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"
