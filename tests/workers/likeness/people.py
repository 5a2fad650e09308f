"""People for the tests of look-alikes, recorded through the ORM in somebody's name."""

from datetime import date

from workers.models import IdentityDocument, Person, PersonContact

SIONE = {
    "family_name": "Tauelangi",
    "given_names": "Sione Mafi",
    "sex": "M",
    "birth_date": date(1994, 5, 17),
    "nationality": "TO",
}


def record(cast, who: str, code: str, *, phone: str = "", passport: str = "", **facts) -> Person:
    """A person recorded by ``who`` in the pilot Verde (Azul for dana and abel): Sione, but for what is given."""
    pilot = cast.pilot("azul" if who in {"dana", "abel"} else "verde")
    with cast.acting(who) as by:
        recruiter = by.organisation_id if by.kind == "recruiter" else None
        person = Person.objects.create(pilot=pilot, worker_code=code, recruiter_id=recruiter, **{**SIONE, **facts})
        common = {"person": person, "pilot": pilot, "recruiter_id": recruiter}
        if phone:
            PersonContact.objects.create(**common, phone=phone)
        if passport:
            IdentityDocument.objects.create(**common, kind="passport", number=passport, country="TO")
    return person
