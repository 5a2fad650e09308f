"""Words that say a free-text cell tells of health, violence or abuse, and so belongs where only few may read it.

A list of word beginnings in the languages that sheets and notes are written in, wide on purpose: a needless warning costs a
glance, a missed one puts "pregnant, sent home" before everybody who may read the sheet. Left out are beginnings that would
warn of what stands in every sheet: "nationality" is written like "sexual" in Arabic, and "holder" like "pregnant".
"""

from __future__ import annotations

import re
from typing import Final

from .cleaning import fold

# Beginnings of folded words, a dot for one blank; ``*`` ends a word that would begin harmless ones too ("still", "illegal").
ENGLISH = """
pregnan miscarr abort matern hiv* aids* tubercul hepatit malaria std* sti* syphil gonorr cancer tumou?r diabet epilep asthma
seizure stroke surger operation* operated.on hospital clinic doctor medical medicat illness ill* sick disease infect injur
wound fractur broken disab deaf* blind mental depress anxi psych suicid self.harm alcohol drug* drugs* drugged drunk detox
died* death
abus assault attack beat* beaten beating hit* slapp punch kick rape rapist raping molest sexual harass bully bulli threat
violen traffick slave slavery forced coerc exploit confin locked.up kidnap stalk grop indecen victim unsafe
"""
FRENCH = """
enceinte grossesse avort fausse.couche accouch malad hopital clinique medecin docteur blesse saign chirurg handicap depressi
fievre sida* vih* alcool drogue ivre* deces decede morte* mourir mourut
abus viol* viols* viole* violee violer harcel agress attouch menac frapp battu battue gifle sequestr maltrait violen esclav
travail.force traite.(?:des|d)*
"""
SPANISH = """
embaraz aborto enferm lesion herid cirug discapac depresi ansiedad muert fallec medico* medica* clinica sangr fiebre sida*
vih* borrach droga drogad parto* hospital
violacion violad acoso acosa amenaz golpe golpea agred agresi maltrat esclav abuso secuestr encerrad explotad
explotaci trabajo.forzad trata.de.(?:personas|mujeres|menores|blancas)*
"""
PORTUGUESE = """
gravid doenc doent ferid lesao lesoes cirurg deficien depress febre alcool bebado bebada droga morte* morreu morto* falec
medico* medica*
estupr assedi agred agress ameac espanc maltrat escrav trafico.de.(?:pessoas|mulheres)* exploracao sequestr trancad
"""
# Tongan, Samoan, Tok Pisin and Bislama, as far as a word has no harmless double ("mate" is dead in Tongan, and a friend; "puke" is ill, and "Te Puke" a town of orchards).
PACIFIC = r"""
feitama mahaki falemahaki puke*(?<!\bte.puke) lavea faitoo toketa pekia taonakita tohotoho ngaohikovi fakamanamana fakapo*
gasegase falemai fale.mai fomai vailaau sauaina faasaua tosoteine toso.teine pule.i.le.ola
gat.bel sik* haus.sik dokta marasin paitim kilim reipim spak* spakman i.dai* bagarapim.meri
hospitol meresin faetem repem reipem drong* ded* fosem
"""
# Folded as ``_arabic`` does: no vowel signs, one alef, ya for alef maqsura, ha for ta marbuta. A word may begin with "and",
# "so", "with", "for", "like" and the article.
ARABIC = """
حامل*(?!.(?:ال)?(?:جواز|تاشير|بطاق|وثيق|رخص|شهاد|اقام|صندوق|هاتف)) حبلي* اجهاض مرض مريض امراض ممرض مستشفي عياده* عيادات
طبيب اطباء طبي* طبيه* دكتور علاج دواء ادويه جراح جرح* جرحت جرحه مجروح اصاب(?!ع) مصاب كسر مكسور سرطان سكري* ايدز السل*
نقص.المناعه التهاب صرع* اغماء نزيف حمي* اعاقه معاق(?!ب) معوق اعمي* نفسيه* نفساني اكتئاب انتحار انتحر كحول خمر* مخمور سكران
مخدر ادمان مدمن توفي* توفيت* وفاه* متوفي موت*
اعتداء اعتدي يعتدي معتدي تحرش يتحرش متحرش اغتصاب اغتصب يغتصب مغتصب ضرب يضرب تضرب مضروب عنف عنيف تعنيف هدد يهدد تهدد تهديد
مهدد ابتز يبتز استغلال استغل يستغل اتجار قسري عبوديه استعباد تنمر اهانه اهان شتم حبس محبوس احتجز احتجاز محتجز خطف مخطوف
اكراه اجبر اجبار مجبر اساءه اساء جنسي* جنسيا* قتل ضحيه
"""
PROCLITICS: Final = "(?:[وف]?[بكل]?(?:ال|ل)?)"
LETTERS: Final = str.maketrans({"ى": "ي", "ی": "ي", "ئ": "ي", "ة": "ه", "ک": "ك", "ـ": "", "\u200c": "", "\u200d": ""})


def _beginnings(*lists: str) -> str:
    """One pattern for all words, those with the same first letter together: a word that begins none is let go at once."""
    by_letter: dict[str, list[str]] = {}
    for word in dict.fromkeys(" ".join(lists).split()):
        by_letter.setdefault(word[0], []).append(word[1:].replace("*", r"\b"))
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


LATIN: Final = re.compile(rf"\b(?:{_beginnings(ENGLISH, FRENCH, SPANISH, PORTUGUESE, PACIFIC)})")
IN_ARABIC: Final = re.compile(rf"\b{PROCLITICS}(?:{_beginnings(ARABIC)})")


def _arabic(folded: str) -> str:
    """Folded text with one way of writing each letter: who types quickly leaves out dots and hamzas."""
    return folded.translate(LETTERS)


def tells_of_health_or_abuse(text: str) -> bool:
    """Whether a free text should be kept in the restricted store."""
    plain = fold(text)
    return LATIN.search(plain) is not None or (not plain.isascii() and IN_ARABIC.search(_arabic(plain)) is not None)
