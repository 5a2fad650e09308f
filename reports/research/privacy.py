"""How private each field of the research tables is: agreements and counts name no worker; the bytes are about people."""

from accounts.privacy import INTERNAL, PSEUDONYMOUS, Privacy

RESEARCH: dict[str, dict[str, Privacy]] = {
    "ResearchAgreement": dict.fromkeys(
        (
            "id", "pilot", "organisation", "recipient", "purpose", "signed_by", "signed_on", "ends_on", "k", "user",
            "recorded_at", "ended_on", "ended_reason",
        ),
        INTERNAL,
    ),
    "ResearchExtract": dict.fromkeys(
        (
            "id", "pilot", "organisation", "agreement", "period_from", "period_to", "k", "people", "left_out", "levels",
            "warnings", "size", "sha256", "job_id", "user", "made_at", "expires_at",
        ),
        INTERNAL,
    ),
    "ResearchFile": {"extract": INTERNAL, "pilot": INTERNAL, "organisation": INTERNAL, "body": PSEUDONYMOUS},
    "ResearchDownload": dict.fromkeys(("id", "pilot", "organisation", "extract", "user", "at"), INTERNAL),
}  # fmt: skip
