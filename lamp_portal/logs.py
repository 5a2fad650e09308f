"""The log's handwriting: where something broke and what kind of trouble it was, never the values it broke on.

The words of an exception often quote a value: a date that cannot be read, a name that has no match. So a traceback
keeps its frames and types and, for the database, the code and the constraint; its words are left out.
"""

import copy
import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

# As the logging module hands it over: (type, exception, traceback), or three times nothing.
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Formats as configured; tracebacks without the words of their exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; another formatter's copy of the traceback, which would hold the words, is not used.

        A request that was refused (403, 404) is one line: nothing broke.
        """
        if record.exc_info:
            record = copy.copy(record)
            record.exc_text = None
            if getattr(record, "status_code", 500) < 500:
                record.exc_info = None
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:
        """The frames of the exception and of what led to it, the first cause first."""
        return "\n".join(part for error in reversed(list(_chain(ei[1]))) for part in _told(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    facts = getattr(error, "diag", None)
    state, constraint = getattr(facts, "sqlstate", None), getattr(facts, "constraint_name", None)
    code = f" {state} {constraint or ''}".rstrip() if state else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{code}"
