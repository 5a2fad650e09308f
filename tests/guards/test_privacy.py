"""Every field has a privacy class, and the classes bind: row policies, names of records, the admin, the dictionary."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import models

from accounts.models import History, User
from accounts.privacy import INTERNAL, MEANINGS, PERSONAL, RESTRICTED, SENSITIVE, Privacy, class_of, masked
from lamp_portal.privacy import ALL, classes, fields_of, our_models, page
from workers.models import IdentityDocument, Person

CANARY = "Quetzalcanary"
CONFIDANTS = {"lamp_safeguarding", "lamp_welfare"}
# Predicates that compare with a list of named persons on the row, or with a key that was handed over: no role gives them.
NAMED = {
    "ordinary grievance", "named ordinary grievance", "of my grievance", "released", "offered", "keyed",
}  # fmt: skip
# An operator finds an account by its address; a worker's data are not the operator's to see.
OPERATORS_NEED = {("User", "email"), ("Invitation", "email"), ("Membership", "user__email")}


def declared(found: list[type[models.Model]]) -> set[tuple[str, str, str]]:
    """(app, model, field) of every concrete field."""
    return {(m._meta.app_label, m.__name__, f.name) for m in found for f in m._meta.concrete_fields}


def installed() -> list[type[models.Model]]:
    """The models of our apps, as Django knows them, without tables that a many-to-many field made by itself."""
    from django.apps import apps

    return [
        m for app in (*ALL, "lamp_portal") if app in apps.app_configs for m in apps.get_app_config(app).get_models()
    ]


def test_every_field_has_a_class_and_every_class_a_field():
    exist, classed = declared(installed()), set(classes())
    assert sorted(exist - classed) == [], "class these in <app>/privacy.py"
    assert sorted(classed - exist) == [], "these fields are gone"


def test_the_guard_of_classes_can_fail(monkeypatch):
    monkeypatch.delitem(ALL["workers"]["Person"], "village")
    monkeypatch.setitem(ALL["workers"]["Person"], "shoe_size", PERSONAL)
    assert declared(installed()) - set(classes()) == {("workers", "Person", "village")}
    assert set(classes()) - declared(installed()) == {("workers", "Person", "shoe_size")}


def test_every_class_says_what_follows_from_it():
    assert list(MEANINGS) == list(Privacy)
    for privacy, meaning in MEANINGS.items():
        assert all(str(words) for words in (meaning.means, meaning.shown_to, meaning.exported, meaning.retention))
        assert meaning.logged == (privacy.rank < PERSONAL.rank)


# --- What a record calls itself -------------------------------------------------------------------------------


def filled(model: type[models.Model], at_least: Privacy = PERSONAL, depth: int = 2) -> models.Model:
    """A record that was never stored, with a canary in each field of this class or above."""
    record = model()
    for field in model._meta.concrete_fields:
        tell = class_of(fields_of(model), field.name).rank >= at_least.rank
        if field.is_relation:
            if depth and fields_of(field.related_model):
                setattr(record, field.name, filled(field.related_model, at_least, depth - 1))
        elif not isinstance(field, models.GeneratedField):
            setattr(record, field.attname, canary(field) if tell else harmless(field))
    return record


def canary(field: models.Field) -> object:
    """A value that is recognised wherever it is printed."""
    if isinstance(field, models.DateTimeField):
        return datetime(1917, 11, 13, 3, 17, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(1917, 11, 13)
    if isinstance(field, models.DecimalField):
        return Decimal("191713.17")
    if isinstance(field, models.IntegerField):
        return 191713
    return [CANARY] if isinstance(field, ArrayField) else CANARY


def harmless(field: models.Field) -> object:
    """A value that tells nothing."""
    if isinstance(field, models.DateTimeField):
        return datetime(2026, 7, 1, tzinfo=UTC)
    return date(2026, 7, 1) if isinstance(field, models.DateField) else "x"


def tells(record: models.Model) -> bool:
    """Whether the record's own words hold one of its canaries."""
    return any(value in f"{record} {record!r}" for value in (CANARY, "191713", "1917"))


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m.__name__)
def test_what_a_record_calls_itself_tells_nothing_personal(model):
    assert not tells(filled(model))


def test_the_guard_of_names_can_fail(monkeypatch):
    monkeypatch.setattr(Person, "__str__", lambda self: f"{self.family_name}")
    assert tells(filled(Person))
    monkeypatch.setattr(IdentityDocument, "__str__", lambda self: f"expires {self.expires_on}")
    assert tells(filled(IdentityDocument))


# --- Who may read ---------------------------------------------------------------------------------------------


def too_open(model: type[models.Model]) -> list[str]:
    """Readers whom the model's row policy lets in against the classes of its fields."""
    highest = max((class_of(fields_of(model), f.name).rank for f in model._meta.concrete_fields), default=0)
    found = []
    for role, specs in model.row_policy.grants.items():
        for verbs, predicate in (spec.strip().split(" ", 1) for spec in specs.split(",")):
            if "r" not in verbs:
                continue
            # Governments and funders see colleagues of their own organisation, the links sent to themselves, and no other person.
            if (
                role == "reader"
                and highest >= PERSONAL.rank
                and predicate not in {"colleague", "own", "mine in report"}
            ):
                found.append(f"{role} {predicate}")
            if Privacy.RESTRICTED.rank == highest and f"lamp_{role}" not in CONFIDANTS and predicate not in NAMED:
                found.append(f"{role} {predicate}")
            if role in {"app", "operator"} and SENSITIVE.rank <= highest and model not in {User} | signing_in():
                found.append(f"{role} {predicate}")
    return found


def signing_in() -> set[type[models.Model]]:
    """Tables that hold secrets of signing in, which happens before any organisation is chosen."""
    return {m for m in our_models() if Privacy.SECRET in fields_of(m).values()}


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m.__name__)
def test_row_policies_follow_from_the_classes(model):
    assert too_open(model) == []


def test_the_guard_of_readers_can_fail(monkeypatch):
    monkeypatch.setitem(Person.row_policy.grants, "reader", "r pilot")
    assert too_open(Person) == ["reader pilot"]
    from compliance.models import Grievance

    monkeypatch.setitem(Grievance.row_policy.grants, "programme", "r pilot")
    assert too_open(Grievance) == ["programme pilot"]


# --- The operators' admin -------------------------------------------------------------------------------------


def listed(site: admin.AdminSite) -> list[tuple[str, str]]:
    """Personal or higher fields that a list, a filter or a search of the admin shows or asks for."""
    found = []
    for model, model_admin in site._registry.items():
        names = [*model_admin.list_display, *model_admin.list_filter, *model_admin.search_fields]
        for name in (n for n in names if isinstance(n, str)):
            if fields_of(model) and class_of_path(model, name).rank >= PERSONAL.rank:
                found.append((model.__name__, name))
    return found


def class_of_path(model: type[models.Model], path: str) -> Privacy:
    """The class at the end of ``organisation__name``; a method of the admin is internal until it names a field."""
    first, _, rest = path.strip("^=@").partition("__")
    field = {f.name: f for f in model._meta.concrete_fields}.get(first)
    if field is None:
        return INTERNAL
    if rest and field.is_relation:
        return class_of_path(field.related_model, rest)
    return class_of(fields_of(model), first)


def test_no_list_of_the_admin_shows_a_personal_field():
    assert set(listed(admin.site)) - OPERATORS_NEED == set()


def test_the_guard_of_the_admin_can_fail():
    site = admin.AdminSite()
    site.register(Person, type("PersonAdmin", (admin.ModelAdmin,), {"list_display": ["worker_code", "family_name"]}))
    site.register(IdentityDocument, type("PaperAdmin", (admin.ModelAdmin,), {"search_fields": ["person__family_name"]}))
    assert listed(site) == [("Person", "family_name"), ("IdentityDocument", "person__family_name")]


# --- Doors ----------------------------------------------------------------------------------------------------


def test_masked_hides_personal_values_and_columns_that_are_gone_and_keeps_the_rest():
    row = {"worker_code": "IH-1", "family_name": "Leota", "village": "", "pilot_id": 3, "shoe_size": 42}
    assert masked(fields_of(Person), row) == {
        "worker_code": "IH-1", "family_name": "•••", "village": "", "pilot_id": 3, "shoe_size": "•••",
    }  # fmt: skip


def test_masked_from_a_higher_class_keeps_what_the_reader_may_see():
    row = {"kind": "passport", "number": "P123", "country": "TO"}
    assert masked(fields_of(IdentityDocument), row, at_least=SENSITIVE) == {
        "kind": "passport", "number": "•••", "country": "TO",
    }  # fmt: skip


def test_the_history_shows_its_readers_no_restricted_table():
    for model in our_models():
        if RESTRICTED in fields_of(model).values():
            assert model.row_policy.history in {"restricted", "none"}, model
    assert History.row_policy.grants == {"programme": "r open history", "safeguarding": "r open history"}


def test_the_data_dictionary_is_fresh():
    written = (settings.BASE_DIR / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == page(), "run manage.py data_dictionary --write"


def test_the_data_dictionary_speaks_json(capsys):
    import json

    call_command("data_dictionary", json=True)
    found = json.loads(capsys.readouterr().out)
    assert {e["privacy"] for e in found["fields"]} <= set(found["classes"])
    assert len(found["fields"]) == len(classes())
