"""A person and the tables apart from them, as one row of a sheet of workers carries them: to write it and to compare it."""

from typing import Final

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from workers.models import IdentityDocument, PersonBackground, PersonContact

from .versions import of

# What a sheet of workers carries of a person, by the table it stands in.
PERSON: Final = (
    "v.recruiter_id", "v.worker_code", "v.family_name", "v.given_names", "v.passport_name", "v.sex", "v.birth_date",
    "v.birth_precision", "v.nationality", "v.village", "v.province", "v.languages", "v.registered_on",
)  # fmt: skip
CONTACT: Final = ("ct.phone", "ct.email")
BACKGROUND: Final = ("b.marital_status", "b.dependants", "b.home_income", "b.home_income_currency")
PAPERS: Final = ("pa.number", "pa.country", "pa.expires_on", "ni.number")


def sees_contact(by: Scope) -> bool:
    """Whether the reader's lists show contact details."""
    return may(PersonContact, by.db_role)


def sees_background(by: Scope) -> bool:
    """Whether the reader's lists show income and family: by the table's policy and by the role's verb."""
    return may(PersonBackground, by.db_role) and by.allows(Permission.BACKGROUND_VIEW)


def sees_papers(by: Scope) -> bool:
    """Whether the reader's lists show papers."""
    return may(IdentityDocument, by.db_role)


def person_version(by: Scope) -> str:
    """SQL: the version of person ``v``, made of what this reader sees and of nothing else: a hash can be guessed at, and
    one that changes tells that something did. Who sees other columns has other versions."""
    parts = ((CONTACT, sees_contact(by)), (BACKGROUND, sees_background(by)), (PAPERS, sees_papers(by)))
    return of("v.id", [*PERSON, *(column for columns, seen in parts if seen for column in columns)])


def person_parts(by: Scope, within: str = "") -> str:
    """SQL joins from person ``v`` to contact ``ct``, background ``b``, newest passport ``pa`` and national ID ``ni``; parts
    that the reader may not see are blank, so that the statement runs and holds what the reader may see. ``within`` says of
    papers ``i`` which ones the persons of the statement may have: then they are gathered at once, not looked up for each."""
    contact = "workers_personcontact" if sees_contact(by) else _nothing("person_id", "phone", "email")
    home = "workers_personbackground" if sees_background(by) else _nothing(
        "person_id", "marital_status", "dependants", "home_income", "home_income_currency"
    )  # fmt: skip
    paper = "workers_identitydocument" if sees_papers(by) else _nothing(
        "id", "person_id", "pilot_id", "kind", "number", "country", "expires_on", "replaced_at"
    )  # fmt: skip
    newest = (
        " left join (select distinct on (i.person_id) i.person_id, i.number, i.country, i.expires_on from {paper} i"
        f" where {within} and i.kind = '{{kind}}' and i.replaced_at is null order by i.person_id, i.id desc) {{alias}}"
        " on {alias}.person_id = v.id"
    ) if within else (
        " left join lateral (select i.number, i.country, i.expires_on from {paper} i where i.person_id = v.id"
        " and i.kind = '{kind}' and i.replaced_at is null order by i.id desc limit 1) {alias} on true"
    )  # fmt: skip
    return (
        f" left join {contact} ct on ct.person_id = v.id left join {home} b on b.person_id = v.id"
        + newest.format(paper=paper, kind="passport", alias="pa")
        + newest.format(paper=paper, kind="national id", alias="ni")
    )


def _nothing(key: str, *columns: str) -> str:
    keys = {"id", "person_id", "pilot_id"}
    cells = ", ".join(f"null::{'bigint' if c in keys else 'text'} as {c}" for c in (key, *columns))
    return f"(select {cells} where false)"
