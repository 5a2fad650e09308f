"""How long the bytes of a check's evidence are kept. What was told in confidence is not deleted by the clock."""

from compliance.models import AnswerFile
from workers.files.retention import Rule, placement_over

# Welfare answers: two years after the return. Of harm told in confidence a person decides, with who told it.
RULES: tuple[Rule, ...] = (
    Rule(AnswerFile, "answer", "lamp_safeguarding", f"(not r.restricted and {placement_over(2)})"),
)
