"""Who may do what: one table of roles, read from top to bottom.

A role is held by a member of an organisation of certain kinds. It gives *verbs* (``Permission``) and
names the *database role* whose row policies decide which rows the person sees (``accounts/rows.py``).
Roles come from code, memberships from the database; a stored membership keeps only the short code.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """Kinds of organisation that take part in a pilot."""

    PROGRAMME = "programme"
    RECRUITER = "recruiter"
    EMPLOYER = "employer"
    ORIGIN_GOVERNMENT = "origin_government"
    DESTINATION_GOVERNMENT = "destination_government"
    FUNDER = "funder"
    WELFARE = "welfare"


KIND_LABELS = {
    Kind.PROGRAMME: _("Programme"),
    Kind.RECRUITER: _("Recruiter"),
    Kind.EMPLOYER: _("Employer"),
    Kind.ORIGIN_GOVERNMENT: _("Government of origin"),
    Kind.DESTINATION_GOVERNMENT: _("Government of destination"),
    Kind.FUNDER: _("Funder"),
    Kind.WELFARE: _("Welfare partner"),
}


class Permission(StrEnum):
    """Verbs on nouns. A page names the one it needs with ``@requires``."""

    PILOT_VIEW = "pilot.view"
    PILOT_EDIT = "pilot.edit"
    PERSON_VIEW = "person.view"
    PERSON_IMPORT = "person.import"
    # To decide whether two records are one person, across recruiters too.
    PERSON_MERGE = "person.merge"
    # Which kinds of sheet somebody may then send is a matter of whose tables their database role may write.
    SHEET_SEND = "sheet.send"
    HOLD_PLACE = "hold.place"
    # To stop, by name, that anything of a person is deleted by the clock.
    LEGAL_HOLD = "legal.hold"
    # The journey's own names (workers/journey/moves.py): who may make which kind of move.
    MOVE_CANDIDATES = "move_candidates"
    MOVE_DEPLOYED = "move_deployed"
    RECORD_EARLY_END = "record_early_end"
    CLOSE_PLACEMENT = "close_placement"
    REOPEN_PLACEMENT = "reopen_placement"
    # To decide what somebody else asks: that a move was recorded by mistake, when the time to take it back is over.
    MOVE_CORRECT = "move.correct"
    # To ask organisations for papers that people of a cohort still lack.
    PAPERS_ASK = "papers.ask"
    # To write to the recruiters and employers of people of a cohort.
    PARTNERS_WRITE = "partners.write"
    # To tell workers something from the table of texts, and to note that they were told.
    WORKERS_TELL = "workers.tell"
    BACKGROUND_VIEW = "background.view"
    PAY_VIEW = "pay.view"
    CHECK_VIEW = "check.view"
    CHECK_RECORD = "check.record"
    # To ask workers before departure and after return; the answers of one person are shown to nobody.
    SURVEY_RECORD = "survey.record"
    FINDING_VIEW = "finding.view"
    RULES_EVALUATE = "rules.evaluate"
    FINDING_RESOLVE = "finding.resolve"
    FINDING_WAIVE = "finding.waive"
    # Who may be named as a reader of grievances; the graver ones ask for the second verb as well.
    CASE_HANDLE = "case.handle"
    CASE_RESTRICTED = "case.restricted"
    # To report done what was put to one's own organisation; officers have it with FINDING_RESOLVE.
    ACTION_ANSWER = "action.answer"
    REPORT_VIEW = "report.view"
    REPORT_REQUEST = "report.request"
    # To decide by name whether a rare event, such as a death, may stand in a report.
    REPORT_SIGN = "report.sign"
    JOB_VIEW = "job.view"
    MEMBER_VIEW = "member.view"
    HISTORY_VIEW = "history.view"
    # Lists of persons for analysis, with codes for persons and moved days.
    EXPORT_DEIDENTIFIED = "export.deidentified"


P = Permission


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its words, who may hold it, its database role and its verbs."""

    code: str
    label: str | Promise
    description: str | Promise
    kinds: frozenset[Kind]
    db_role: str
    permissions: frozenset[Permission]
    sees_persons: bool

    def allows(self, permission: Permission) -> bool:
        """Whether the role gives this verb."""
        return permission in self.permissions


def _role(
    code: str,
    label: str | Promise,
    description: str | Promise,
    kinds: set[Kind],
    db_role: str,
    permissions: set[Permission],
    *,
    sees_persons: bool,
) -> Role:
    every = {P.REPORT_VIEW, P.JOB_VIEW, P.MEMBER_VIEW, P.PILOT_VIEW}
    return Role(code, label, description, frozenset(kinds), db_role, frozenset(permissions | every), sees_persons)


_OFFICER = {
    P.PILOT_EDIT, P.HOLD_PLACE, P.PERSON_VIEW, P.PERSON_IMPORT, P.PERSON_MERGE, P.SHEET_SEND, P.MOVE_CANDIDATES, P.MOVE_DEPLOYED, P.RECORD_EARLY_END, P.CLOSE_PLACEMENT,
    P.REOPEN_PLACEMENT, P.BACKGROUND_VIEW, P.PAY_VIEW, P.CHECK_VIEW,
    P.FINDING_VIEW, P.FINDING_RESOLVE, P.RULES_EVALUATE, P.CASE_HANDLE, P.REPORT_REQUEST, P.HISTORY_VIEW, P.EXPORT_DEIDENTIFIED,
    P.SURVEY_RECORD, P.PAPERS_ASK, P.WORKERS_TELL, P.PARTNERS_WRITE,
}  # fmt: skip

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("programme_officer", _("Programme officer"),
              _("Follows every worker of the pilots, imports lists, moves people, compiles reports."),
              {Kind.PROGRAMME}, "lamp_programme", _OFFICER, sees_persons=True),
        _role("programme_manager", _("Programme manager"),
              _("As a programme officer, may waive a finding by name with a reason and an end, and decides which moves were recorded by mistake."),
              {Kind.PROGRAMME}, "lamp_programme", _OFFICER | {P.FINDING_WAIVE, P.LEGAL_HOLD, P.MOVE_CORRECT}, sees_persons=True),
        _role("safeguarding_lead", _("Safeguarding lead"),
              _("Reads private answers and the restricted cases they are named on."),
              {Kind.PROGRAMME, Kind.WELFARE}, "lamp_safeguarding",
              {P.PERSON_VIEW, P.SHEET_SEND, P.PAY_VIEW, P.CHECK_VIEW, P.CHECK_RECORD, P.SURVEY_RECORD, P.FINDING_VIEW, P.FINDING_RESOLVE,
               P.RULES_EVALUATE, P.FINDING_WAIVE, P.CASE_HANDLE, P.CASE_RESTRICTED, P.REPORT_REQUEST, P.REPORT_SIGN, P.HISTORY_VIEW, P.LEGAL_HOLD},
              sees_persons=True),
        _role("recruiter", _("Recruiter"),
              _("Registers its own people, keeps their papers, moves them along until they depart."),
              {Kind.RECRUITER}, "lamp_recruiter",
              {P.PERSON_VIEW, P.PERSON_IMPORT, P.SHEET_SEND, P.MOVE_CANDIDATES, P.BACKGROUND_VIEW, P.ACTION_ANSWER, P.WORKERS_TELL},
              sees_persons=True),
        _role("employer", _("Employer"),
              _("Sees its own workers, records arrivals and work, asks for its own report."),
              {Kind.EMPLOYER}, "lamp_employer",
              {P.PERSON_VIEW, P.SHEET_SEND, P.MOVE_DEPLOYED, P.RECORD_EARLY_END, P.PAY_VIEW, P.ACTION_ANSWER, P.REPORT_REQUEST},
              sees_persons=True),
        _role("welfare_officer", _("Welfare officer"),
              _("Visits workers, records checks and what workers say in private."),
              {Kind.WELFARE, Kind.PROGRAMME}, "lamp_welfare",
              {P.PERSON_VIEW, P.SHEET_SEND, P.PAY_VIEW, P.CHECK_VIEW, P.CHECK_RECORD, P.SURVEY_RECORD, P.FINDING_VIEW, P.FINDING_RESOLVE,
               P.CASE_HANDLE, P.CASE_RESTRICTED}, sees_persons=True),
        _role("government", _("Government officer"),
              _("Asks for and reads the reports of its pilots. Sees no person."),
              {Kind.ORIGIN_GOVERNMENT, Kind.DESTINATION_GOVERNMENT}, "lamp_reader",
              {P.REPORT_REQUEST}, sees_persons=False),
        _role("funder", _("Funder"),
              _("Asks for and reads the reports of the pilots it funds. Sees no person."),
              {Kind.FUNDER}, "lamp_reader", {P.REPORT_REQUEST}, sees_persons=False),
    )
}  # fmt: skip

# Database roles that no membership gives: the portal's own hands.
OPERATOR_DB_ROLE = "lamp_operator"  # accounts and the state of jobs; no person
COMPILER_DB_ROLE = "lamp_compiler"  # reads the facts of given pilots to compile a report; writes editions
DESK_DB_ROLE = "lamp_desk"  # the one grievance whose key it was handed; takes in what is told without an account
_OWN_HANDS = {OPERATOR_DB_ROLE, COMPILER_DB_ROLE, DESK_DB_ROLE}
READER_DB_ROLES = tuple(sorted({role.db_role for role in ROLES.values()} | _OWN_HANDS))


def roles_for(kind: str) -> list[Role]:
    """The roles that a member of an organisation of this kind may hold."""
    return [role for role in ROLES.values() if kind in role.kinds]
