"""The list of the rules as text: the tables of ``docs/rules.md``, drawn from what the rules themselves say."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import override

from compliance.catalogue.reader import catalogue
from compliance.rules.declaring import Rule, Subject
from compliance.rules.table import RULES

BEGIN, END = "<!-- drawn by manage.py list_rules --write -->", "<!-- end of what is drawn -->"


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with the subjects it asks about; a code that two subjects ask about is one row."""

    rule: Rule
    subjects: tuple[Subject, ...]
    asked: tuple[Rule, ...]

    @property
    def subject_names(self) -> str:
        """What it looks at, one row each."""
        return "; ".join(subject.name for subject in self.subjects)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the scheme it reads; those without which there is no such rule end in a star."""
        names: dict[str, str] = {}
        for subject, rule in zip(self.subjects, self.asked, strict=True):
            for used in (*rule.needs, *rule.reads):
                name = subject.uses[used].name
                names[name] = names.get(name) or ("*" if used in rule.needs else "")
        return tuple(name + star for name, star in names.items())

    @property
    def evidence(self) -> tuple[str, ...]:
        """Names of what it shows."""
        return tuple(dict.fromkeys(name for rule in self.asked for name in rule.evidence))


def listed() -> list[Row]:
    """Every rule, by code."""
    found: dict[str, list[tuple[Subject, Rule]]] = {}
    for subject, asked in RULES:
        for rule in asked:
            found.setdefault(rule.code, []).append((subject, rule))
    return [
        Row(pairs[0][1], tuple(subject for subject, _rule in pairs), tuple(rule for _subject, rule in pairs))
        for _code, pairs in sorted(found.items())
    ]


def tables() -> str:
    """The two tables of the page, in English."""
    with override("en"):
        rows = listed()
        titles = {one.code: one.words for one in catalogue().indicators}
        first = _table(
            ("Rule", "Version", "Severity", "What it asks", "Of each"),
            ((r.rule.code, r.rule.version, _severity(r), str(r.rule.asks), r.subject_names) for r in rows),
        )
        second = _table(
            ("Rule", "Reads of the scheme (* needed)", "Shows", "Indicators touched", "Standard"),
            (
                (
                    r.rule.code, _code(r.parameters), _code(r.evidence),
                    ", ".join(titles.get(one, one) for one in r.rule.indicators) or "–", r.rule.standard,
                )
                for r in rows
            ),
        )  # fmt: skip
    return f"{first}\n\n{second}"


def redrawn(page: str) -> str:
    """The page with its tables drawn anew; ValueError where it lacks the marks they stand between."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"The page lacks the marks {BEGIN} and {END}.")
    head, rest = page.split(BEGIN, 1)
    return f"{head}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END, 1)[1]}"


def _severity(row: Row) -> str:
    graver = any(rule.graver != "false" for rule in row.asked)
    return f"{row.rule.severity}, or critical" if graver else row.rule.severity


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _head in heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
