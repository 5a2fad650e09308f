"""Names as they are compared: in Latin letters, small, without titles, in any order; and how alike two of them are."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

# Words that stand before a name and come later in life: a church or chief's title added between two seasons
# (domain: "church or chiefly title added later"). Only whole words, so that "Misa" stays a name.
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "sir",
        "rev",
        "revd",
        "reverend",
        "pastor",
        "fr",
        "father",
        "sr",
        "sister",
        "br",
        "bishop",
        "deacon",
        "elder",
        "chief",
        "hon",
        "ratu",
        "adi",
        "bulou",
        "tui",
        "tuilagi",
        "afioga",
        "susuga",
        "tofa",
        "u",
        "daw",
        "ko",
        "ma",
        "md",
        "mst",
        "haji",
        "hajj",
        "begum",
        "shri",
        "smt",
        "sri",
    ]
) - {"ma", "ko", "u", "md"}  # also common parts of names: leaving them out would make strangers alike
# From where on Jaro-Winkler calls two words a misspelling of each other: Winkler (1990) weighs agreement at the start,
# and at 0.88 one wrong, missing or exchanged letter of five still passes while other short names do not.
NEAR = 0.88
_WORD = re.compile(r"[a-z0-9]+")


class Alike(StrEnum):
    """How alike two names are, from the most to the least."""

    SAME = "same"
    SWAPPED = "swapped"
    NEAR = "near"
    PART = "part"
    SOME = "some"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read somebody's name: the words of the family name and of the given names."""

    family: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All words, in the order written."""
        return self.family + self.given


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in small Latin letters, without titles; a name of titles alone keeps them.

    Apostrophes and glottal stops join what they stand in ("Fa'ahau" is one word), hyphens part it.
    """
    latin = name if name.isascii() else anyascii(name)
    found = tuple(_WORD.findall(re.sub(r"['`’ʻ.]", "", latin).lower()))
    return tuple(word for word in found if word not in TITLES) or found


def readings(family: str, given: str, passport: str) -> tuple[Reading, ...]:
    """The ways a record writes the name: family and given names, and the name as in the passport."""
    both = [Reading(words(family), words(given)), Reading((), words(passport))]
    return tuple(dict.fromkeys(reading for reading in both if reading.words))


def alike(mine: tuple[Reading, ...], theirs: tuple[Reading, ...]) -> Alike | None:
    """The best of all readings; None where one of the two has no name."""
    found = [_compare(a, b) for a in mine for b in theirs]
    return min(found, key=list(Alike).index) if found else None


def _compare(a: Reading, b: Reading) -> Alike:
    if sorted(a.words) == sorted(b.words) or "".join(a.words) == "".join(b.words):
        turned = a.family and b.family and a.given and a.family != b.family and set(a.family) == set(b.given)
        return Alike.SWAPPED if turned else Alike.SAME
    few, many = sorted((a.words, b.words), key=len)
    close = _matched(few, many)
    if close == len(few):
        return Alike.NEAR if len(few) == len(many) else Alike.PART
    return Alike.SOME if close else Alike.OTHER


def _matched(few: tuple[str, ...], many: tuple[str, ...]) -> int:
    """How many words of the shorter name have a near one of their own in the longer."""
    left, found = list(many), 0
    for word in few:
        best = max(left, key=lambda other: JaroWinkler.similarity(word, other), default=None)
        if best is not None and JaroWinkler.similarity(word, best) >= NEAR:
            left.remove(best)
            found += 1
    return found


# Soundex (US patent 1,261,167 of 1918): letters that sound alike have one digit, vowels none.
_SOUND = {
    letter: digit for digit, letters in enumerate(("", "bfpv", "cgjkqsxz", "dt", "l", "mn", "r")) for letter in letters
}


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Soundex of a word: its first letter and three digits."""
    code, last = word[:1], _SOUND.get(word[:1])
    for letter in word[1:]:
        digit = _SOUND.get(letter)
        if digit is not None and digit != last:
            code += str(digit)
        if letter not in "hw":
            last = digit
    return (code + "000")[:4]


def codes(*written: tuple[str, ...]) -> set[str]:
    """Name codes: the sounds of every two words in alphabetical order, so that neither order nor a third name hides
    somebody; of a single name its own sound. Each of ``written`` is one way to write the name, as its words."""
    found: set[str] = set()
    for each in written:
        sounds = sorted(set(map(sound, each)))
        if len(sounds) == 2:
            found.add(sounds[0] + sounds[1])
        elif sounds:
            found |= {a + b for a, b in combinations(sounds, 2)} if len(sounds) > 1 else {sounds[0]}
    return found


def digits(*written: tuple[str, ...]) -> set[str]:
    """The sounds of the words without their first letter: what a misspelt or a lost beginning leaves of a name."""
    return {sound(word)[1:] for each in written for word in each}
