"""The table of this room: every kind of sheet, column by column. Edit here to add a column or a synonym.

Other words for a header stand in ``data/headers.toml``; headers are matched, not shown, and therefore not translated.
``help`` is shown in the template and on the page, examples stand in ``examples``. Money kinds stand in ``kinds_money``, those about
housing, travel and protection in ``kinds_care``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workers.journey.reasons import REASONS
from workers.journey.steps import STEPS
from workers.journey.steps import marked as _

from . import amounts, cleaning, dates, identity, kinds_care, kinds_money, kinds_surveys, own_names, words
from .columns import APART, CONTACT, IDENTITY, MONEY, NOTE, PLAIN, Column, Kind
from .examples import EXAMPLES
from .kinds_shared import BY_PERSON, COUNTRY_CHOICES, passport_key, row_version, worker_id

MARITAL: Final = {
    **dict.fromkeys(("single", "never married", "unmarried", "s", "celibataire", "soltero", "soltera"), "single"),
    **dict.fromkeys(("married", "m", "marie", "mariee", "casado", "casada"), "married"),
    **dict.fromkeys(("partner", "de facto", "defacto", "living together", "union libre", "concubinage"), "partner"),
    **dict.fromkeys(("widowed", "widow", "widower", "veuf", "veuve", "viudo", "viuda"), "widowed"),
    **dict.fromkeys(("divorced", "div", "divorce", "divorcee", "divorciado", "divorciada"), "divorced"),
    **dict.fromkeys(("separated", "sep", "separe", "separado", "separada"), "separated"),
}
DOCUMENT_TYPES: Final = {
    **dict.fromkeys(("passport", "passeport", "pasaporte", "ppt"), "passport"),
    **dict.fromkeys(
        ("national id", "id card", "identity card", "nid", "cedula", "dpi", "carte d identite"), "national id"
    ),
    **dict.fromkeys(("visa", "permit", "work permit", "work visa", "permis", "visado"), "visa"),
    **dict.fromkeys(("medical", "medical certificate", "medical check", "x ray", "chest x ray", "medico"), "medical"),
    **dict.fromkeys(("police", "police certificate", "police clearance", "nbi clearance", "criminal record"), "police"),
    **dict.fromkeys(("insurance", "insurance policy", "policy", "assurance", "seguro"), "insurance"),
    **dict.fromkeys(("test", "language test", "skills test", "test certificate", "certificat de test"), "test"),
    **dict.fromkeys(("licence", "license", "driving licence", "driver licence", "permis de conduire"), "licence"),
}
DOCUMENT_STATUSES: Final = {
    word: word for word in ("requested", "received", "verified", "rejected", "expired", "returned")
}
ANSWERS: Final = {
    **dict.fromkeys(("yes", "y", "oui", "si", "ok", "pass", "true", "1"), "yes"),
    **dict.fromkeys(("no", "n", "non", "fail", "false", "0"), "no"),
    **dict.fromkeys(("not applicable", "n a", "na", "does not apply", "sans objet", "no aplica"), "not applicable"),
    **dict.fromkeys(
        ("not verified", "not checked", "unverified", "could not check", "nv", "non verifie"), "not verified"
    ),
}
MODES: Final = {
    **dict.fromkeys(("in person", "face to face", "visit", "site visit", "personally"), "in person"),
    **dict.fromkeys(("phone", "call", "telephone", "by phone", "telefono"), "phone"),
    **dict.fromkeys(("video", "video call", "online"), "video"),
    **dict.fromkeys(("message", "sms", "whatsapp", "text"), "message"),
    **dict.fromkeys(("group", "group meeting", "meeting"), "group"),
    **dict.fromkeys(("document", "documents", "from documents", "records"), "document"),
}


def _workers() -> Kind:
    columns = (
        worker_id(),
        Column("family_name", "Family name", cleaning.name(120)),
        Column("given_names", "Given names", cleaning.name(120)),
        Column(
            "passport_name",
            "Name as in passport",
            cleaning.name(200),
            help=_("Exactly as printed."),
        ),
        Column("sex", "Sex", words.sex, choices=("F", "M", "X", "N")),
        Column(
            "birth_date",
            "Date of birth",
            dates.date("birth"),
            as_date=True,
            hint_key="birth_precision",
            help=_("A year alone is taken when the day is not known."),
        ),
        Column("nationality", "Nationality", words.country, choices=COUNTRY_CHOICES),
        *passport_key(),
        Column(
            "passport_expiry",
            "Passport expiry",
            dates.date("expiry"),
            privacy=IDENTITY,
            as_date=True,
        ),
        Column(
            "national_id",
            "National ID",
            identity.code(40, key=False),
            privacy=IDENTITY,
            as_text=True,
        ),
        Column(
            "phone",
            "Phone",
            identity.phone,
            privacy=CONTACT,
            as_text=True,
            help=_("With the country in front; two numbers are separated by a slash."),
        ),
        Column("email", "Email", identity.email, privacy=CONTACT),
        Column("village", "Village", cleaning.text(120)),
        Column("province", "Province", cleaning.text(120)),
        Column("languages", "Languages", cleaning.text(120)),
        Column(
            "marital_status",
            "Marital status",
            cleaning.choice("marital_status", MARITAL),
            choices=tuple(dict.fromkeys(MARITAL.values())),
        ),
        Column("dependants", "Dependants", cleaning.whole_number(0, 40)),
        Column(
            "home_income",
            "Home monthly income",
            amounts.money(),
            privacy=MONEY,
            hint_key="home_income_currency",
            unit="month",
            help=_("What the person earned at home in a month before joining."),
        ),
        Column("home_income_currency", "Home income currency", amounts.currency, privacy=MONEY),
        Column("recruiter", "Recruiter", own_names.named("recruiter", 160), privacy=PLAIN),
        Column("cohort", "Cohort", own_names.named("cohort", 120), privacy=PLAIN),
        Column("registered_on", "Registered on", dates.date("past"), as_date=True),
        Column("consent_date", "Consent date", dates.date("past"), as_date=True),
        Column("consent_version", "Consent version", cleaning.text(40), privacy=PLAIN, as_text=True),
        Column("consent_language", "Consent language", cleaning.text(40), privacy=PLAIN),
    )
    return Kind(
        "workers",
        _("Workers"),
        columns,
        keys=BY_PERSON,
        unique=(("worker_id",), ("passport_number", "passport_country")),
        needs={"home_income": "home_income_currency"},
        order=(("birth_date", "registered_on"), ("birth_date", "consent_date")),
    )


def _moves() -> Kind:
    columns = (
        worker_id(),
        Column(
            "step",
            "Step",
            words.step,
            required=True,
            choices=tuple(step.label for step in STEPS),
        ),
        Column(
            "date",
            "Date",
            dates.date("past"),
            required=True,
            as_date=True,
            help=_("The day on which it happened."),
        ),
        Column(
            "known_on",
            "Known on",
            dates.date("past"),
            as_date=True,
            help=_("The day on which you learned of it, when that was later."),
        ),
        Column("reason", "Reason", words.reason, choices=tuple(reason.label for reason in REASONS)),
        Column(
            "note",
            "Note",
            cleaning.text(1000),
            privacy=NOTE,
            help=_("Nothing about health, family or a complaint: record that where only few may read it."),
        ),
        *passport_key(),
    )
    return Kind(
        "moves",
        _("Moves"),
        columns,
        keys=BY_PERSON,
        unique=(("worker_id", "step", "date"),),
        order=(("date", "known_on"),),
    )


def _documents() -> Kind:
    columns = (
        worker_id(),
        Column(
            "type",
            "Type",
            cleaning.choice("type", DOCUMENT_TYPES),
            required=True,
            privacy=PLAIN,
            choices=tuple(dict.fromkeys(DOCUMENT_TYPES.values())),
        ),
        Column("number", "Number", identity.code(40, key=False), privacy=IDENTITY, as_text=True),
        Column("country", "Country", words.country, privacy=IDENTITY, choices=COUNTRY_CHOICES),
        Column("issued_on", "Issued", dates.date("past"), privacy=IDENTITY, as_date=True),
        Column("expires_on", "Expires", dates.date("expiry"), privacy=IDENTITY, as_date=True),
        Column(
            "status",
            "Status",
            cleaning.choice("status", DOCUMENT_STATUSES),
            privacy=PLAIN,
            choices=tuple(DOCUMENT_STATUSES),
            help=_("A paper that was only requested, was rejected or given back is not recorded; every other is."),
        ),
    )
    return Kind(
        "documents",
        _("Documents"),
        columns,
        keys=(("worker_id",),),
        unique=(("worker_id", "type", "number", "country"),),
        order=(("issued_on", "expires_on"),),
    )


def _checks() -> Kind:
    columns = (
        worker_id(),
        Column("site", "Site", cleaning.text(160), privacy=PLAIN),
        Column("round", "Check", cleaning.text(80), privacy=PLAIN, help=_("Which round of checks this belongs to.")),
        Column(
            "item",
            "Item",
            cleaning.choice(
                "item",
                {f"{part.lower()}{n:02d}": f"{part}{n:02d}" for part in "ABCDEF" for n in range(1, 31)},
                ("A01 … F11",),
            ),
            required=True,
            privacy=PLAIN,
        ),
        Column(
            "answer",
            "Answer",
            cleaning.choice("answer", ANSWERS),
            required=True,
            choices=tuple(dict.fromkeys(ANSWERS.values())),
        ),
        Column("date", "Date", dates.date("past"), required=True, as_date=True),
        Column("by", "By", cleaning.text(120), privacy=PLAIN),
        Column(
            "mode", "Mode", cleaning.choice("mode", MODES), privacy=PLAIN, choices=tuple(dict.fromkeys(MODES.values()))
        ),
        Column("private", "Private", cleaning.yes_no("private"), privacy=PLAIN, choices=("yes", "no")),
        Column("evidence", "Evidence", cleaning.text(300), privacy=NOTE),
        Column("note", "Note", cleaning.text(1000), privacy=APART),
    )
    return Kind(
        "checks",
        _("Checks"),
        columns,
        keys=(("worker_id",), ("site",)),
        unique=(("worker_id", "site", "round", "item", "date"), ("site", "worker_id", "round", "item", "date")),
        kept_apart=True,
    )


def _training() -> Kind:
    columns = (
        worker_id(),
        Column("course", "Course", cleaning.text(120), required=True, privacy=PLAIN),
        Column("provider", "Provider", cleaning.text(160), privacy=PLAIN),
        Column("planned_hours", "Planned hours", amounts.hours(5000), privacy=PLAIN),
        Column("attended_hours", "Attended hours", amounts.hours(5000)),
        Column("date", "Date", dates.date("past"), as_date=True),
        Column("score", "Score", amounts.quantity(1000)),
        Column("passed", "Passed", cleaning.yes_no("passed"), choices=("yes", "no")),
        Column("certificate", "Certificate", identity.code(80, key=False), as_text=True),
    )
    return Kind("training", _("Training"), columns, keys=(("worker_id",),), unique=(("worker_id", "course", "date"),))


def _whole(kind: Kind) -> Kind:
    """The kind with what every kind has: an example for each column, and the version of its rows."""
    shown = EXAMPLES.get(kind.code, {})
    with_examples = (replace(column, example=shown.get(column.key, "")) for column in kind.columns)
    return replace(kind, columns=(*with_examples, row_version()))


COLUMNS: Final[dict[str, Kind]] = {
    kind.code: _whole(kind)
    for kind in (
        _workers(),
        _moves(),
        *kinds_money.kinds(),
        _documents(),
        _checks(),
        kinds_surveys.kind(),
        _training(),
        *kinds_care.kinds(),
        kinds_money.exchange_rates(),
    )
}
