"""Which rows: the predicates that row policies name (``accounts/rows.py``), one line each.

Each is an inline comparison of a column with a transaction-local setting, because PostgreSQL folds such a comparison while
planning: functions and ``OR`` cost up to a hundred times as much.
"""

ORG = "nullif(current_setting('app.org', true), '')::bigint"
USER = "nullif(current_setting('app.user', true), '')::bigint"
PILOTS = "nullif(current_setting('app.pilots', true), '')::bigint[]"
ORGS = "nullif(current_setting('app.orgs', true), '')::bigint[]"
KEY = "nullif(current_setting('app.key', true), '')"
# Asked once per statement, not per row: all organisations the person belongs to, and the cases opened in an emergency.
NOT_CONCERNED = (
    f"not concerned_ids && (select compliance_my_organisations())::bigint[] and not {USER} = any(concerned_user_ids)"
)
OPENED = "id = any((select compliance_my_openings())::bigint[])"

PREDICATES: dict[str, str] = {
    "all": "true",
    "pilot": f"pilot_id = any({PILOTS})",
    "pilot itself": f"id = any({PILOTS})",
    "recruiter": f"recruiter_id = {ORG} and pilot_id = any({PILOTS})",
    "employer": f"employer_id = {ORG} and pilot_id = any({PILOTS})",
    "own": f"organisation_id = {ORG}",
    # For the audit trail, read seldom: what one's own people did, and what anyone did in one's pilots.
    "own or pilot": f"organisation_id = {ORG} or pilot_id = any({PILOTS})",
    # The same without what tells that something was told in confidence.
    "open own or pilot": f"not restricted and (organisation_id = {ORG} or pilot_id = any({PILOTS}))",
    "self": f"id = {USER}",
    "mine": f"user_id = {USER}",
    "mine here": f"user_id = {USER} and organisation_id = {ORG}",
    "mine or shared here": f"organisation_id = {ORG} and (user_id = {USER} or shared)",
    "partner": f"id = any({ORGS})",
    "partner's": f"organisation_id = any({ORGS}) and pilot_id = any({PILOTS})",
    # What was put to one's own organisation to mend; never anything that was told in confidence.
    "put to me": f"owner_id = {ORG} and not restricted and pilot_id = any({PILOTS})",
    "reports done": (
        f"kind = 'done' and owner_id = {ORG} and organisation_id = {ORG} and user_id = {USER} and not restricted"
        f" and pilot_id = any({PILOTS})"
    ),
    # What shows that one's own organisation did it: sent by oneself.
    "shows what I did": (
        f"owner_id = {ORG} and organisation_id = {ORG} and user_id = {USER} and not restricted and pilot_id = any({PILOTS})"
    ),
    "colleague": (
        f"exists (select 1 from accounts_membership m where m.user_id = accounts_user.id and m.organisation_id = {ORG})"
    ),
    "employed": (
        "exists (select 1 from workers_placement p"
        f" where p.person_id = workers_person.id and p.employer_id = {ORG}) and pilot_id = any({PILOTS})"
    ),
    # That two records are one person is known only to whoever sees both.
    "employs both": (
        f"exists (select 1 from workers_placement p where p.person_id = workers_mergedperson.person_id and p.employer_id = {ORG})"
        " and exists (select 1 from workers_placement p where p.person_id = workers_mergedperson.keep_id"
        f" and p.employer_id = {ORG}) and pilot_id = any({PILOTS})"
    ),
    # What the owner's definer functions may delete: the first event of a placement that never moved, with its import
    # (so before moves could be taken back); and a move that was put aside whole before.
    "beginning": "version = 1 and move = 'enrol'",
    "beginning or taken back": (
        "(version = 1 and move = 'enrol') or exists (select 1 from workers_movetakenback t"
        " where t.event_id = workers_journeyevent.id)"
    ),
    # Which organisation was asked to bring something.
    "asked": f"asked_id = {ORG} and pilot_id = any({PILOTS})",
    # Grievances: named persons, never one of an organisation concerned. Reading reaches as far as an emergency
    # opening; programme officers reach no restricted one, even where they are named.
    "grievance": f"({USER} = any(reader_ids) or {OPENED}) and pilot_id = any({PILOTS}) and {NOT_CONCERNED}",
    "named grievance": f"{USER} = any(reader_ids) and pilot_id = any({PILOTS}) and {NOT_CONCERNED}",
    "ordinary grievance": (
        f"({USER} = any(reader_ids) or {OPENED}) and sensitivity = 'ordinary' and pilot_id = any({PILOTS})"
        f" and {NOT_CONCERNED}"
    ),
    "named ordinary grievance": (
        f"{USER} = any(reader_ids) and sensitivity = 'ordinary' and pilot_id = any({PILOTS}) and {NOT_CONCERNED}"
    ),
    "of my grievance": "exists (select 1 from compliance_grievance g where g.id = grievance_id)",
    "released": (
        f"{USER} = any(reader_ids) and exists (select 1 from compliance_grievance g where g.id = grievance_id)"
    ),
    "offered": (
        f"((to_user_id = {USER} and state <> 'revoked' and pilot_id = any({PILOTS}))"
        " or exists (select 1 from compliance_grievance g where g.id = grievance_id))"
        f" and {NOT_CONCERNED}"
    ),
    "opening": f"pilot_id = any({PILOTS}) and {NOT_CONCERNED}",
    # The desk sees what its key opens and nothing else.
    "keyed": f"{KEY} in (code, followup_hash)",
    "keyed code": f"code_hash = {KEY}",
    "open history": f"not restricted and pilot_id = any({PILOTS})",
    "own and open": f"not restricted and organisation_id = {ORG}",
    "not restricted": f"not restricted and pilot_id = any({PILOTS})",
    "own report": f"organisation_id = {ORG} and pilot_id = any({PILOTS})",
    # Notes and tasks name the organisations they were written for.
    "told": f"{ORG} = any(told_ids) and pilot_id = any({PILOTS})",
    "told by me": f"user_id = {USER} and organisation_id = {ORG} and {ORG} = any(told_ids) and pilot_id = any({PILOTS})",
    "ours": f"organisation_id = {ORG} and pilot_id = any({PILOTS})",
    # What one's own people took of one's own reports, and what oneself says to one of them.
    "own report by us": f"organisation_id = {ORG} and by_organisation_id = {ORG} and pilot_id = any({PILOTS})",
    "mine in report": f"user_id = {USER} and organisation_id = {ORG} and pilot_id = any({PILOTS})",
}
