"""Which rows a database role sees: the policy language, one line per model.

A model declares ``row_policy = rows(programme="riu pilot", employer="r employer")``: for each reader role
the statements it may run (r select, i insert, u update, d delete) and the predicate its rows must meet.
The predicates stand in ``accounts/predicates.py``.

``RowSecurity`` is the migration operation that installs a frozen copy of the declaration; a guard test
compares what the catalogue holds with what the models declare, and ``manage.py makerowpolicies`` writes
the migration when they differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import models
from django.db.migrations.operations.base import Operation

from accounts.columns import grant_but
from accounts.predicates import PREDICATES

STATEMENTS = {"r": "select", "i": "insert", "u": "update", "d": "delete"}


@dataclass(frozen=True)
class RowPolicy:
    """What each reader role may do with a table, and to which rows.

    ``grants`` maps a short role name ("programme") to "verbs predicate", or several of them with commas where
    reading reaches further than writing ("i own, r own or pilot"). ``history``: "kept" writes
    every change to the history, "restricted" keeps it out of every reader's sight, "none" for tables that
    are their own history. ``append_only`` takes UPDATE and DELETE away from everyone but the owner.
    """

    grants: dict[str, str]
    history: str = "kept"
    append_only: bool = False
    # Columns that only roles which may change a row read (``accounts/hidden.py``).
    hidden: tuple[str, ...] = ()

    def lines(self) -> Iterator[tuple[str, str, str]]:
        """(database role, verbs, predicate SQL) for each declared reader."""
        for role, specs in sorted(self.grants.items()):
            for verbs, predicate in _parts(specs):
                yield _role_name(role), verbs, PREDICATES[predicate]


def rows(*, history: str = "kept", append_only: bool = False, hidden: tuple[str, ...] = (), **grants: str) -> RowPolicy:
    """Declare a model's row policy in one line; see ``RowPolicy``."""
    for role, specs in grants.items():
        for verbs, predicate in _parts(specs):
            if predicate not in PREDICATES or not set(verbs) <= set(STATEMENTS):
                raise ValueError(f"row policy of {role}: {specs!r} is not 'verbs predicate'")
            if append_only and set(verbs) & {"u", "d"} and role != "owner":
                raise ValueError(f"row policy of {role}: an append-only table grants no update or delete")
    return RowPolicy(grants, history, append_only, hidden)


def _parts(specs: str) -> list[tuple[str, str]]:
    """("i", "own"), ("r", "own or pilot") from "i own, r own or pilot"."""
    pairs = (spec.strip().partition(" ") for spec in specs.split(","))
    return [(verbs, predicate) for verbs, _, predicate in pairs]


def may(model: type[models.Model], db_role: str, verb: str = "r") -> bool:
    """Whether the database role may run this statement (r, i, u) on the model's table at all, whichever the rows.

    Pages ask before they show a part: what a role may not see is absent, and PostgreSQL is not asked in vain.
    """
    return any(role == db_role and verb in verbs for role, verbs, _predicate in policy_of(model).lines())


def policy_of(model: type[models.Model]) -> RowPolicy:
    """What the model declares; TypeError for a model that declares none (a library's)."""
    found = getattr(model, "row_policy", None)
    if not isinstance(found, RowPolicy):
        raise TypeError(f"{model._meta.label} declares no row policy")
    return found


class WithinPilot(models.ForeignKey):
    """A foreign key that cannot leave the pilot: (column, pilot_id) must exist together in the target.

    Django's own constraint is left out; ``RowSecurity`` installs the composite one, so a row of one pilot
    can never point at a row of another, not even by a forged id.
    """

    def __init__(self, to, on_delete=models.PROTECT, **options):
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)


def within_pilot(model: type[models.Model]) -> dict[str, str]:
    """column → target table of the model's ``WithinPilot`` keys."""
    return {
        f.column: f.related_model._meta.db_table
        for f in model._meta.local_fields
        if isinstance(f, WithinPilot) or (isinstance(f, models.OneToOneField) and not _constrained(f))
    }


def _constrained(key: models.OneToOneField) -> bool:
    return key.db_constraint  # type: ignore[attr-defined]  # every foreign key has it; the stubs name it only in options


def declared(app_label: str | None = None) -> dict[str, "RowSecurity"]:
    """table → the operation that would install what the models declare now."""
    from django.apps import apps  # models are loaded when this is asked, not when the module is

    answer = {}
    for model in apps.get_models():
        policy = getattr(model, "row_policy", None)
        if policy is None or (app_label and model._meta.app_label != app_label):
            continue
        answer[model._meta.db_table] = RowSecurity(
            table=model._meta.db_table,
            grants=policy.grants,
            history=policy.history,
            append_only=policy.append_only,
            within=within_pilot(model),
            pilot=any(f.column == "pilot_id" for f in model._meta.local_fields),
            key=model._meta.pk.column or "id",
            hidden=policy.hidden,
        )
    return answer


def policy_name(role: str, verb: str) -> str:
    """Name of the policy of one reader role and statement."""
    return f"{role}_{STATEMENTS[verb]}"


@dataclass
class RowSecurity(Operation):
    """Install row policies, grants, composite keys and history on one table (frozen copy of a declaration)."""

    table: str
    grants: dict[str, str]
    history: str = "kept"
    append_only: bool = False
    within: dict[str, str] = field(default_factory=dict)
    pilot: bool = False
    key: str = "id"
    hidden: tuple[str, ...] = ()

    reduces_to_sql = True
    reversible = True

    def deconstruct(self):
        """Name and arguments as migrations write them."""
        return (
            self.__class__.__qualname__,
            [],
            {
                "table": self.table, "grants": self.grants, "history": self.history,
                "append_only": self.append_only, "within": self.within, "pilot": self.pilot, "key": self.key,
                **({"hidden": self.hidden} if self.hidden else {}),
            },
        )  # fmt: skip

    def __eq__(self, other):
        return isinstance(other, RowSecurity) and self.deconstruct() == other.deconstruct()

    def state_forwards(self, app_label, state):
        """No model state changes."""

    def describe(self):
        """One line for the migration's output."""
        return f"Row policies of {self.table}"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Drop what stood there and install this declaration."""
        schema_editor.execute(";\n".join(self.statements()), params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Leave a table nobody may read; the table's own migration drops it."""
        schema_editor.execute(";\n".join(self._clear()), params=None)

    def _clear(self) -> Iterator[str]:
        t = self.table
        yield (
            "do $$ declare p record; begin for p in select policyname from pg_policies"
            f" where schemaname = current_schema() and tablename = '{t}'"
            f" loop execute format('drop policy %%I on {t}', p.policyname); end loop; end $$"
        ).replace("%%", "%")
        yield f"revoke all on {t} from public, {', '.join(_reader_roles())}, {app_role()}"

    def statements(self) -> Iterator[str]:
        """The SQL, in order."""
        t = self.table
        yield from self._clear()
        yield f"alter table {t} enable row level security"
        # The history is written by a definer function of the owner, so that no reader role needs INSERT there.
        yield f"alter table {t} {'no force' if self.history == 'own' else 'force'} row level security"
        yield f"grant select on {t} to {app_role()}"
        for role, verbs, predicate in RowPolicy(self.grants).lines():
            if role != "current_role":
                yield from self._grant(role, verbs)
            for verb in verbs:
                using = "" if verb == "i" else f" using ({predicate})"
                check = f" with check ({predicate})" if verb in "iu" else ""
                yield (
                    f"create policy {policy_name(role.replace('current_role', 'owner'), verb)} on {t} for {STATEMENTS[verb]} to {role}{using}{check}"
                )
        if not any("r" in verbs for verbs, _ in _parts(self.grants.get("owner", ""))):
            # A key added by a later migration is checked as the owner, to whom FORCE would show an empty table.
            yield f"create policy {policy_name('owner', 'r')} on {t} for select to current_role using (true)"
        yield from self._keys()
        yield from self._history()

    def _grant(self, role: str, verbs: str) -> Iterator[str]:
        t = self.table
        if not self.hidden or "u" in verbs or "r" not in verbs:
            yield f"grant {', '.join(STATEMENTS[v] for v in verbs)} on {t} to {role}"
            return
        yield grant_but(t, self.hidden, role)
        if others := [STATEMENTS[v] for v in verbs if v != "r"]:
            yield f"grant {', '.join(others)} on {t} to {role}"

    def _keys(self) -> Iterator[str]:
        t = self.table
        if self.pilot and self.key == "id":
            yield _constraint(t, f"{t}_in_pilot", "unique (id, pilot_id)")
        for column, target in sorted(self.within.items()):
            yield _constraint(
                t,
                f"{t}_{column}_same_pilot",
                f"foreign key ({column}, pilot_id) references {target} (id, pilot_id)",
            )

    def _history(self) -> Iterator[str]:
        t = self.table
        for name in ("history_insert", "history_update", "history_delete"):
            yield f"drop trigger if exists {name} on {t}"
        if self.history in {"none", "own"}:
            return
        argument = f"'{self.key}', '{'pilot_id' if self.pilot else ''}', '{self.history}'"
        for verb, referencing in (
            ("insert", "new table as changed"),
            ("update", "old table as changed"),
            ("delete", "old table as changed"),
        ):
            yield (
                f"create trigger history_{verb} after {verb} on {t} referencing {referencing}"
                f" for each statement execute function accounts_write_history({argument})"
            )


def _constraint(table: str, name: str, definition: str) -> str:
    """Add a constraint unless it stands: dropping it first would take the keys that lean on it along."""
    return (
        f"do $$ begin if not exists (select from pg_constraint where conname = '{name}') then"
        f" alter table {table} add constraint {name} {definition}; end if; end $$"
    )


def app_role() -> str:
    """The role that web and workers log in as; row security must bind it."""
    return settings.DB_APP_ROLE


def _role_name(short: str) -> str:
    """Database role of a short name: "app" is the log-in, "owner" whoever migrates (for definer functions)."""
    return {"app": app_role(), "owner": "current_role"}.get(short, f"lamp_{short}")


def _reader_roles() -> list[str]:
    from accounts.roles import READER_DB_ROLES

    return list(READER_DB_ROLES)


# Tables of libraries, which hold no pilot's rows: who may do what with them, and why no row policy stands there.
# Signing in happens as the app role, before any organisation is chosen; operators work on them in the admin.
UNSCOPED: dict[str, tuple[str, dict[str, str]]] = {
    "django_session": ("sessions are found by their secret key", {"app": "riud"}),
    "usersessions_usersession": ("a person's own sessions, filtered by the library", {"app": "riud"}),
    "account_emailaddress": ("sign-in addresses", {"app": "riud", "operator": "riu"}),
    "account_emailconfirmation": ("confirmations of addresses", {"app": "riud"}),
    "mfa_authenticator": ("second factors", {"app": "riud", "operator": "rd"}),
    "django_content_type": ("names of models", {"app": "r", "operator": "r"}),
    "auth_permission": ("the admin's permissions", {"app": "r", "operator": "r"}),
    "auth_group": ("groups, which the portal does not use", {"app": "r", "operator": "r"}),
    "auth_group_permissions": ("groups, which the portal does not use", {"app": "r", "operator": "r"}),
    "accounts_user_groups": ("groups, which the portal does not use", {"app": "r", "operator": "r"}),
    "accounts_user_user_permissions": ("the admin's permissions", {"app": "r", "operator": "r"}),
    "django_admin_log": ("what operators did in the admin", {"operator": "ri"}),
    "django_migrations": ("which migrations ran", {"app": "r"}),
}


@dataclass
class GrantUnscoped(Operation):
    """Grant the privileges of ``UNSCOPED`` on a library's table, and nothing else."""

    table: str
    grants: dict[str, str]

    reduces_to_sql = True
    reversible = True

    def deconstruct(self):
        """Name and arguments as migrations write them."""
        return (self.__class__.__qualname__, [], {"table": self.table, "grants": self.grants})

    def state_forwards(self, app_label, state):
        """No model state changes."""

    def describe(self):
        """One line for the migration's output."""
        return f"Grants on {self.table}"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Grant."""
        for role, verbs in self.grants.items():
            verbs_sql = ", ".join(STATEMENTS[v] for v in verbs)
            schema_editor.execute(f"grant {verbs_sql} on {self.table} to {_role_name(role)}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Revoke."""
        for role in self.grants:
            schema_editor.execute(f"revoke all on {self.table} from {_role_name(role)}")
