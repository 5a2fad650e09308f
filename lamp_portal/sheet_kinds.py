"""Kinds of sheet whose facts belong to an app above ``workers``: kind → the module that judges and writes it.

``workers`` may not import them, so the roof names them here and hands them over once, when the portal starts
(``PortalConfig.ready``). The list to edit for the kinds of ``workers`` itself is ``workers/sheets/judges.py``.
"""

from types import ModuleType
from typing import Final

from compliance import check_sheets, survey_sheets

SHEET_KINDS: Final[dict[str, ModuleType]] = {"checks": check_sheets, "surveys": survey_sheets}
