"""G4: the list of workers and the one search as a member opens them, in a pilot of half of everybody against one of a thousand.

Whole requests through every middleware, in this process: sign-in, scope, row security, template. The small pilot lies in
the same tables, so what grows is what its reader sees, and the indexes are as large for both.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.scope import acting_as
from bench import world
from bench.measuring import Arm, Ratio, Timed, in_turn, slower, vacuum
from workers.models import Person, Placement

SMALL = 1_000
TIMES = 10  # of one page in one round
ROUNDS = 7
MOST_QUESTIONS = 6


def run() -> list[Ratio]:
    """List, list far behind, search by name, by a misspelt name and by what nobody is called, and the frame alone."""
    call_command("collectstatic", "--noinput", verbosity=0)  # pages name their files as a started portal does
    world.add(world.PILOTS, SMALL)
    vacuum()
    large, small = _reader(0), _reader(world.PILOTS)
    far = _far()
    name = _name()
    # At what page, in which two arms.
    pages = {
        "the list": "/placements/",
        "a name in the list": f"/placements/?q={name}",
        "the search, a name": f"/find/?q={name}",
        "the search, misspelt": f"/find/?q={name[:2]}{name[3]}{name[2]}{name[4:]}",
        "the search, nobody": "/find/?q=zzqqxxvv",
    }
    arms: dict[str, Arm] = {}
    for words, path in pages.items():
        arms[words] = _arm(large, path)
        arms[f"{words}, a thousand"] = _arm(small, path)
    arms["far behind"] = _arm(large, f"/placements/?after={far}")
    arms["empty"] = _arm(large, "/healthz")
    timed = in_turn(arms, rounds=ROUNDS)
    ratios = [
        slower("G4", f"{words}, {_seen()} people against {SMALL}", timed[words], timed[f"{words}, a thousand"], 1.5)
        for words in pages
    ]
    ratios.append(
        slower("G4", "the list far behind against its beginning", timed["far behind"], timed["the list"], 1.5)
    )
    ratios.append(slower("G4", "the list against an empty answer", timed["the list"], timed["empty"], 9))
    _print_times(timed)
    return [*ratios, _questions(large, "/placements/")]


def _arm(reader: Client, path: str) -> Arm:
    def open_it() -> int:
        for _n in range(TIMES):
            answer = reader.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"bench: {path} answers {answer.status_code}; its time means nothing.")
        return TIMES

    return open_it


def _reader(n: int) -> Client:
    """The n-th programme officer, signed in with a second factor."""
    with acting_as(None):
        user = User.objects.get(email=f"bench{n}@bench.example")
        factor = TOTP.activate(user, generate_totp_secret()).instance
    fresh, request = Client(), HttpRequest()
    fresh.force_login(user)
    request.session = fresh.session
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    request.session.save()
    return fresh


def _far() -> int:
    """The id of a placement behind nine tenths of those in sight."""
    with acting_as(world.scope()):
        everybody = Placement.objects.order_by("-pk").values_list("pk", flat=True)
        return everybody[everybody.count() * 9 // 10]


def _name() -> str:
    """A family name that somebody bears in both pilots: names are put together alike."""
    with acting_as(world.scope()):
        return Person.objects.get(worker_code="W7").family_name


def _seen() -> int:
    with acting_as(world.scope()):
        return Person.objects.count()


def _questions(reader: Client, path: str) -> Ratio:
    """Statements of the list itself, beyond those of a page that asks for nothing."""
    counts = []
    for where in (path, "/me/"):
        reader.get(where)
        with CaptureQueriesContext(connection) as asked:
            reader.get(where)
        counts.append(len(asked))
    own = float(counts[0] - counts[1])
    words = f"statements of the list beyond those of one's own settings ({counts[1]})"
    return Ratio("G4", words, own, own, own, f"≤ {MOST_QUESTIONS}", own <= MOST_QUESTIONS)


def _print_times(timed: dict[str, Timed]) -> None:
    for arm in timed.values():
        print(f"  {arm.name:40} {1000 / arm.rate:8.1f} ms")
