"""How much work something is, told so that a busy machine changes nothing."""

import gc
import time
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def least_effort(work: Callable[[], object], *, enough: float, tries: int = 5) -> float:
    """Processor seconds of the easiest of `tries` runs; stops early at a run below `enough`.

    Only this thread counts and the garbage collector rests, so neither another process nor what earlier tests left
    behind is charged; the first run may fill caches that the portal fills once.
    """
    least = float("inf")
    for _ in range(tries):
        gc.disable()
        try:
            began = time.thread_time()
            work()
            least = min(least, time.thread_time() - began)
        finally:
            gc.enable()
        if least < enough:
            break
    return least


def fewest_questions(visit: Callable[[], object], *, visits: int = 3) -> int:
    """The statements that a visit asks of the database, of several the fewest: once a minute a visit is noted as well."""
    counts = []
    for _visit in range(visits):
        with CaptureQueriesContext(connection) as seen:
            visit()
        counts.append(len(seen))
    return min(counts)
