"""What every command says when nothing is done: a whole sentence, which names who may; as JSON too where JSON was asked.

A refusal inside the portal is often a bare code (``rules.evaluate``), because a page has its own words around it. In a
terminal there is nothing around it.
"""

import json
import sys
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.utils.text import capfirst

from accounts.roles import ROLES, Permission

# What the verbs that commands ask for are called in a sentence: "X may not …".
ACTS: dict[str, str] = {
    Permission.RULES_EVALUATE: "apply the rights rules",
    Permission.PERSON_VIEW: "see workers and what is owed to them",
    Permission.SHEET_SEND: "send or take back spreadsheets",
    Permission.REPORT_REQUEST: "have reports compiled",
}


def refuse(command: BaseCommand, error: Exception, *, email: str, as_json: bool) -> NoReturn:
    """Say why nothing is done, and end with exit code 2: the sentence on standard error, with ``--json`` also the one
    object ``{"error": …}`` on standard output."""
    words = sentence(error, email)
    command.stderr.write(words)
    if as_json:
        command.stdout.write(json.dumps({"error": words}, ensure_ascii=False))
    sys.exit(2)


def sentence(error: Exception, email: str) -> str:
    """The reason in words a person can act on, whatever raised it."""
    if isinstance(error, OSError):
        return _file(error)
    reason = error.args[0] if error.args else ""
    if isinstance(error, PermissionDenied):
        return _denied(reason, email)
    return _whole(str(reason) or f"Nothing was done: {type(error).__name__}")


def _denied(reason: object, email: str) -> str:
    if isinstance(reason, Permission):
        roles = ", ".join(str(role.label) for role in ROLES.values() if role.allows(reason))
        act = ACTS.get(reason, "do this")
        return f"{email} may not {act}: their role does not include it. Who may: {roles}."
    words = str(reason)
    return _whole(words) if " " in words else f"{email} may not do this with the {words or 'record'} named here."


def _file(error: OSError) -> str:
    name = error.filename or "the file"
    if isinstance(error, FileNotFoundError):
        return f"There is no file “{name}”."
    if isinstance(error, IsADirectoryError):
        return f"“{name}” is a folder, not a file."
    return f"“{name}” cannot be read: {error.strerror or type(error).__name__}."


def _whole(words: str) -> str:
    words = capfirst(words.strip())
    return words if words.endswith((".", "!", "?")) else f"{words}."
