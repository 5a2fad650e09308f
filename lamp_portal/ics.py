"""Days as a calendar file (iCalendar, RFC 5545): whole days with a line of words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_OCTETS = 75  # of a line; what is longer goes on in the next, after a space (RFC 5545, 3.1)


@dataclass(frozen=True, slots=True)
class AllDay:
    """One whole day: ``uid`` stays the same from one download to the next, so that a calendar replaces and does not double."""

    uid: str
    day: date
    words: str


def text(words: str) -> str:
    """Words as a value: backslash, comma, semicolon and line break are written with a backslash (3.3.11)."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in parts of at most 75 octets, never through the middle of a character."""
    parts, part, size = [], "", 0
    for letter in line:
        wide = len(letter.encode())
        if size + wide > MOST_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + wide
    return "\r\n".join([*parts, part])


def calendar_file(name: str, days: Iterable[AllDay], *, at: datetime) -> str:
    """The file: lines end with CR LF; ``at`` is the moment it was made."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//LaMP Portal//Cohort dates//EN", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{text(name)}",
    ]  # fmt: skip
    for one in days:
        lines += [
            "BEGIN:VEVENT", f"UID:{text(one.uid)}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}", f"SUMMARY:{text(one.words)}", "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)
