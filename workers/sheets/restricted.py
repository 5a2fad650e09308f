"""Words that say a free-text cell tells of health, violence or abuse, and so belongs where only few may read it.

A list of word beginnings in English, French and Spanish, wide on purpose: a needless warning costs a glance, a missed
one
puts "pregnant, sent home" before everybody who may read the sheet.
"""

from __future__ import annotations

import re

from .cleaning import fold

HEALTH = """
pregnan miscarr abort matern hiv aids tubercul hepatit malaria std sti syphil gonorr cancer tumou?r diabet epilep asthma
seizure stroke surger operat hospital clinic doctor medical medicat illness ill sick disease infect injur wound
fractur broken
disab deaf blind mental depress anxi psych suicid self.harm alcohol drug drunk detox died death
enceinte grossesse avort malad hopital blesse chirurg handicap depressi deces
embaraz aborto enferm lesion herid cirug discapac depresi ansiedad muert fallec
"""
ABUSE = """
abus assault attack beat(?:en|ing)? hit slapp punch kick rape rapist raping molest sexual harass bully bulli threat
violen
traffick slave slavery forced coerc exploit confin locked.up kidnap stalk grop indecen victim unsafe
viol viole violee harcel agress menac frapp traite esclav
violacion violad acos amenaz golpe maltrat trata esclavit abuso
"""
# Short beginnings would hit harmless words ("still", "white"), so they must be the whole word.
WHOLE = frozenset({"hiv", "aids", "std", "sti", "ill", "hit", "viol", "drug", "died", "trata", "traite", "muert"})


def _pattern(words: str) -> str:
    return "|".join(rf"{word}\b" if word in WHOLE else word for word in words.split())


RESTRICTED = re.compile(rf"\b(?:{_pattern(HEALTH)}|{_pattern(ABUSE)})")


def tells_of_health_or_abuse(text: str) -> bool:
    """Whether a free text should be kept in the restricted store."""
    return RESTRICTED.search(fold(text)) is not None
