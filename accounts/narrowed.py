"""A session that is narrowed to one form, because somebody else holds the phone: what it may open, and how it is opened again.

The officer hands the phone to a worker who answers alone. From then on the server answers this session with that form and
nothing else (``lamp_portal/phone_lock.py``), whatever address is typed, until the officer shows who they are.
"""

from typing import Final

from django.contrib.sessions.backends.base import SessionBase

KEY: Final = "narrowed_to"
TRIES: Final = "narrowed_tries"
MOST_TRIES: Final = 5


def narrow(session: SessionBase, *, only: list[str], back: str) -> None:
    """From now on this session opens these addresses alone; ``back`` is where the officer goes on afterwards."""
    session[KEY] = {"only": only, "back": back}
    session[TRIES] = 0


def is_narrowed(session: SessionBase) -> bool:
    """Whether somebody else may hold the phone."""
    return KEY in session


def opens(session: SessionBase, path: str) -> bool:
    """Whether this session may open the address now."""
    return KEY not in session or path in session[KEY]["only"]


def answer(session: SessionBase) -> None:
    """What the phone was handed over for is done: nobody answers a second time in the same name until it is handed over again."""
    session[KEY] = {**session[KEY], "answered": True}


def is_answered(session: SessionBase) -> bool:
    """Whether the one form was sent already."""
    return bool(session.get(KEY, {}).get("answered"))


def way_back(session: SessionBase) -> str:
    """Where the officer goes on."""
    return str(session[KEY]["back"])


def widen(session: SessionBase) -> None:
    """The officer has the phone again."""
    session.pop(KEY, None)
    session.pop(TRIES, None)


def tried(session: SessionBase) -> bool:
    """Count a try that was wrong; whether it was the last that is allowed."""
    session[TRIES] = session.get(TRIES, 0) + 1
    return session[TRIES] >= MOST_TRIES
