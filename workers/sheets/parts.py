"""A person and the tables apart from them, as one row of a sheet of workers carries them: to write it and to compare it."""

from typing import Final

from accounts.rows import may
from workers.models import IdentityDocument, PersonBackground, PersonContact

from .versions import of

# What a sheet of workers carries of a person, by the table it stands in: alias -> columns.
PERSON: Final = (
    "v.recruiter_id", "v.worker_code", "v.family_name", "v.given_names", "v.passport_name", "v.sex", "v.birth_date",
    "v.birth_precision", "v.nationality", "v.village", "v.province", "v.languages", "v.registered_on", "ct.phone",
    "ct.email", "b.marital_status", "b.dependants", "b.home_income", "b.home_income_currency", "pa.number", "pa.country",
    "pa.expires_on", "ni.number",
)  # fmt: skip
PERSON_VERSION: Final = of("v.id", list(PERSON))


def person_parts(db_role: str) -> str:
    """SQL joins from person ``v`` to contact ``ct``, background ``b``, newest passport ``pa`` and national ID ``ni``; parts
    that the role may not read are blank, so that a list of a role holds what the role may see and the statement runs."""
    contact = "workers_personcontact" if may(PersonContact, db_role) else _nothing("person_id", "phone", "email")
    home = "workers_personbackground" if may(PersonBackground, db_role) else _nothing(
        "person_id", "marital_status", "dependants", "home_income", "home_income_currency"
    )  # fmt: skip
    paper = "workers_identitydocument" if may(IdentityDocument, db_role) else _nothing(
        "id", "person_id", "kind", "number", "country", "expires_on", "replaced_at"
    )  # fmt: skip
    newest = (
        " left join lateral (select i.number, i.country, i.expires_on from {paper} i where i.person_id = v.id"
        " and i.kind = '{kind}' and i.replaced_at is null order by i.id desc limit 1) {alias} on true"
    )
    return (
        f" left join {contact} ct on ct.person_id = v.id left join {home} b on b.person_id = v.id"
        + newest.format(paper=paper, kind="passport", alias="pa")
        + newest.format(paper=paper, kind="national id", alias="ni")
    )


def _nothing(key: str, *columns: str) -> str:
    keys = {"id", "person_id"}
    cells = ", ".join(f"null::{'bigint' if c in keys else 'text'} as {c}" for c in (key, *columns))
    return f"(select {cells} where false)"
