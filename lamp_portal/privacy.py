"""The privacy tables of all apps, joined, and the data dictionary drawn from them and from the models."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.apps import apps
from django.db import connection, models
from django.utils import translation

from accounts import privacy as accounts
from accounts.privacy import MEANINGS, Fields, Privacy, class_of
from accounts.rows import policy_of
from compliance import privacy as compliance
from pilots import privacy as pilots
from reports import privacy as reports
from workers import privacy as workers

# app → model → field → class. A new app is named here.
ALL: dict[str, dict[str, dict[str, Privacy]]] = {
    "accounts": accounts.FIELDS,
    "pilots": pilots.FIELDS,
    "workers": workers.FIELDS,
    "compliance": compliance.FIELDS,
    "reports": reports.FIELDS,
}

HEAD = """# Data dictionary

Written by `manage.py data_dictionary --write` from the models, their row policies and the privacy tables
(`accounts/privacy.py` and its likes in each app). A test says when it is stale; change the code, not this page.

## Privacy classes

Retention periods are proposals for the owner and a lawyer to set.

| class | means | shown to | in logs | leaves the portal | kept |
| --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the data dictionary: a field, its column's type, its class and its words."""

    table: str
    model: str
    field: str
    type: str
    privacy: str
    words: str
    optional: bool


def classes() -> dict[tuple[str, str, str], Privacy]:
    """(app, model, field) → class, of everything that is classed."""
    return {
        (app, model, field): privacy
        for app, tables in ALL.items()
        for model, fields in tables.items()
        for field, privacy in fields.items()
    }


def fields_of(model: type[models.Model]) -> Fields:
    """The model's part of its app's table; empty for a library's model."""
    return ALL.get(model._meta.app_label, {}).get(model.__name__, {})


def our_models() -> list[type[models.Model]]:
    """Every model of our apps, in the order of the apps and of their tables."""
    return [apps.get_model(app, model) for app, tables in ALL.items() for model in tables]


def entries() -> list[Entry]:
    """Every concrete field of our models, in English."""
    with translation.override("en"):
        return [
            Entry(
                table=model._meta.db_table,
                model=model.__name__,
                field=field.name,
                type=field.db_type(connection) or "",
                privacy=class_of(fields_of(model), field.name).value,
                words=str(field.verbose_name),
                optional=field.null,
            )
            for model in our_models()
            for field in model._meta.concrete_fields
        ]


def as_plain() -> dict:
    """The dictionary as plain values, for ``--json``."""
    with translation.override("en"):
        meanings = {
            privacy.value: {key: value if isinstance(value, bool) else str(value) for key, value in _plain(meaning)}
            for privacy, meaning in MEANINGS.items()
        }
        return {"classes": meanings, "fields": [asdict(entry) for entry in entries()]}


def _plain(meaning) -> Iterator[tuple[str, object]]:
    return ((name, getattr(meaning, name)) for name in meaning.__slots__)


def page() -> str:
    """``docs/data-dictionary.md``: the classes, then one section a table with who may do what and every field."""
    with translation.override("en"):
        lines = [HEAD.rstrip("\n")]
        for privacy, meaning in MEANINGS.items():
            logged = "yes" if meaning.logged else "never"
            cells = (privacy.value, meaning.means, meaning.shown_to, logged, meaning.exported, meaning.retention)
            lines.append(_row(*cells))
        found = entries()
        for model in our_models():
            lines += ["", *_section(model, [e for e in found if e.table == model._meta.db_table])]
    return "\n".join(lines) + "\n"


def _section(model: type[models.Model], found: list[Entry]) -> Iterator[str]:
    meta = model._meta
    yield f"## {meta.app_label}: {meta.verbose_name} (`{meta.db_table}`)"
    yield ""
    yield " ".join((model.__doc__ or "").split())
    yield ""
    policy = policy_of(model)
    grants = ", ".join(f"{role} `{grant}`" for role, grant in sorted(policy.grants.items()))
    only = " Append-only." if policy.append_only else ""
    yield f"Roles: {grants}. History: {policy.history}.{only}"
    yield ""
    yield _row("field", "type", "class", "words")
    yield "| --- | --- | --- | --- |"
    for entry in found:
        kind = f"{entry.type}, may be empty" if entry.optional else entry.type
        yield _row(f"`{entry.field}`", kind, entry.privacy, entry.words)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
