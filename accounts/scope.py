"""The scope: on whose behalf the portal is acting, and the only way to act.

``with acting_as(scope):`` opens a transaction (or a savepoint in one), becomes the scope's database role and
sets the few settings that the row policies compare with. Leaving it puts back what was there before, because
a setting made in a savepoint survives its release. With no scope the app role itself holds no policy:
protected tables are empty and cannot be written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.roles import COMPILER_DB_ROLE, DESK_DB_ROLE, OPERATOR_DB_ROLE, ROLES, Permission, Role


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts, for which organisation, in which role, on which pilots.

    ``pilot_ids``: pilots the organisation takes part in. ``organisation_ids``: organisations whose names may
    be shown. ``request``: id of the request, job or command, written to the history with every change. ``key``: what
    opens the one row that the desk may see. Only the portal's own hands (``operator_scope``, ``desk_scope``) and who
    is on their way in (``person_scope``) may lack person or organisation; every other scope is a member's.
    """

    user_id: int
    organisation_id: int
    role_code: str
    db_role: str
    pilot_ids: tuple[int, ...] = ()
    organisation_ids: tuple[int, ...] = ()
    request: str = ""
    kind: str = ""
    key: str = ""

    @property
    def role(self) -> Role | None:
        """The member's role, or none for the portal's own hands."""
        return ROLES.get(self.role_code)

    def allows(self, permission: Permission) -> bool:
        """Whether this scope may use the verb."""
        return self.role is not None and self.role.allows(permission)

    def require(self, permission: Permission) -> None:
        """Raise PermissionDenied unless the scope may use the verb."""
        if not self.allows(permission):
            raise PermissionDenied(permission)


def operator_scope(user_id: int | None = None, request: str = "") -> Scope:
    """The portal's own hands: accounts and the state of jobs, no person."""
    return Scope(user_id, None, "", OPERATOR_DB_ROLE, request=request)  # type: ignore[arg-type]  # see Scope


def person_scope(user_id: int | None, organisation_id: int | None = None, request: str = "") -> Scope:
    """A person (or somebody not known yet) before or beside any organisation: the app role, so no pilot's row."""
    return Scope(user_id, organisation_id, "", "none", request=request)  # type: ignore[arg-type]  # see Scope


def desk_scope(key: str, user_id: int | None = None, request: str = "") -> Scope:
    """The desk: takes in grievances of people without an account, and sees the one row that the key opens."""
    return Scope(user_id, None, "", DESK_DB_ROLE, request=request, key=key)  # type: ignore[arg-type]  # see Scope


def compiler_scope(asker: Scope, pilot_ids: tuple[int, ...], reader_id: int | None = None) -> Scope:
    """Reads the facts of these pilots to compile a report for the asker, or for the reader given: the hand writes for that one
    organisation and no other. Pilots must be a part of the asker's, the reader one of the asker's partners."""
    reader = asker.organisation_id if reader_id is None else reader_id
    if not set(pilot_ids) <= set(asker.pilot_ids) or reader not in {asker.organisation_id, *asker.organisation_ids}:
        raise PermissionDenied("pilot")
    return replace(asker, db_role=COMPILER_DB_ROLE, pilot_ids=tuple(pilot_ids), organisation_id=reader)


_acting: ContextVar[Scope | None] = ContextVar("acting_scope", default=None)


def current() -> Scope | None:
    """The scope in force, or none."""
    return _acting.get()


def _array(ids: tuple[int, ...]) -> str:
    return "{" + ",".join(str(int(i)) for i in ids) + "}"


def _enter(scope: Scope | None, *, read_only: bool = False) -> None:
    values = ("none", "", "", "", "", "", "", "")
    if scope is not None:
        values = (
            scope.db_role,
            str(scope.user_id or ""),
            str(scope.organisation_id or ""),
            _array(scope.pilot_ids),
            _array(scope.organisation_ids),
            scope.request,
            scope.role_code,
            scope.key,
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('app.user', %s, true),"
            " set_config('app.org', %s, true), set_config('app.pilots', %s, true),"
            " set_config('app.orgs', %s, true), set_config('app.request', %s, true),"
            " set_config('app.role', %s, true), set_config('app.key', %s, true)"
            + (", set_config('transaction_read_only', 'on', true)" if read_only else ""),
            values,
        )


@contextmanager
def acting_as[S: Scope | None](scope: S, *, read_only: bool = False) -> Iterator[S]:
    """Act as ``scope`` inside a transaction of its own; ``None`` acts as nobody (no protected row).

    ``read_only`` refuses every write, so that a GET cannot write. It binds the whole transaction and is
    therefore only for the outermost block.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        previous = _acting.get()
        _enter(scope, read_only=read_only)
        token = _acting.set(scope)
        try:
            yield scope
        finally:
            _acting.reset(token)
            # The end of a transaction puts the settings back by itself, and a broken one takes no statement.
            if not outermost and not connection.needs_rollback and not _in_error():
                _enter(previous)


def _in_error() -> bool:
    """Whether the connection takes no further statement now."""
    if connection.connection is None or connection.connection.closed:
        return True
    return connection.connection.info.transaction_status.name == "INERROR"
