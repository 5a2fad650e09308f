"""The servers by hand: `python -m lamp_portal.servers up|down|status|reset|env [--profile demo]`."""

import argparse
import shlex
import sys

from . import ServerTrouble, environment, reset, status, stop


def main(arguments: list[str] | None = None) -> int:
    """Do one of the five; 0 when it was done, 2 with a sentence when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m lamp_portal.servers", description=__doc__)
    parser.add_argument("act", choices=["up", "down", "status", "reset", "env"])
    parser.add_argument("--profile", default="demo")
    parser.add_argument("--if-idle", action="store_true", help="with down: only when no process uses them")
    asked = parser.parse_args(arguments)
    try:
        return _do(asked)
    except ServerTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2


def _do(asked: argparse.Namespace) -> int:
    if asked.act == "env":
        for name, value in environment(asked.profile).items():
            print(f"export {name}={shlex.quote(value)}")
    elif asked.act == "up":
        environment(asked.profile)
        print(f"The servers of `{asked.profile}` run.")
    elif asked.act == "down":
        ran = set(status(asked.profile).values()) != {"stopped"}
        if stop(asked.profile, if_idle=asked.if_idle):
            print(f"The servers of `{asked.profile}` {'are stopped' if ran else 'did not run'}.")
        elif asked.if_idle:
            print(f"The servers of `{asked.profile}` are in use and stay.")
        else:
            raise ServerTrouble(f"The servers of `{asked.profile}` do not stop.")
    elif asked.act == "reset":
        reset(asked.profile)
        print(f"The servers of `{asked.profile}` are stopped and their data deleted.")
    else:
        for name, state in status(asked.profile).items():
            print(f"{name}: {state}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
