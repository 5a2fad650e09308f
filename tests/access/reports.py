"""The reports pages."""

from datetime import date

from accounts.scope import acting_as


def _edition(cast, _key):
    from reports.compiling import compile_report
    from tests.reports.test_compiling import order_of

    scope = cast.scope("fay")
    with acting_as(scope):
        return compile_report(order_of(cast, "fay", "funder"), by=scope).pk


def _agreement(cast, recipient):
    from reports.models import ResearchAgreement

    scope, pilot = cast.scope("ines"), cast.pilot()
    with acting_as(scope):
        return ResearchAgreement.objects.create(
            pilot=pilot, organisation_id=scope.organisation_id, recipient=recipient, purpose="P", signed_by="S",
            signed_on=date(2026, 1, 1), ends_on=date(2036, 1, 1), user_id=scope.user_id,
        ).pk  # fmt: skip


def _extract(cast, recipient):
    from datetime import UTC, datetime

    from reports.models import ResearchExtract

    scope, agreement = cast.scope("ines"), _agreement(cast, recipient)
    with acting_as(scope):
        return ResearchExtract.objects.create(
            pilot=cast.pilot(), organisation_id=scope.organisation_id, agreement_id=agreement, period_from=date(2026, 1, 1),
            period_to=date(2026, 2, 1), k=10, people=10, left_out=0, levels={}, size=1, sha256="a" * 64,
            user_id=scope.user_id, expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        ).pk  # fmt: skip


RESOLVE = {"edition": _edition, "agreement": _agreement, "extract": _extract}
RESEARCH = dict.fromkeys(("lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "abel"), 403)
RESEARCH |= {"zed": 302, "nobody": 302, "ines": 200, "mara": 200}
EVERY_MEMBER = dict.fromkeys(
    ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel"), 200
)
# The funder's edition: the funder reads it, and the programme whose pilot it is about.
OF_FAY = dict.fromkeys(("rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "dana", "abel"), 404)
PAGES = [
    ("reports:list", {}, EVERY_MEMBER | {"zed": 302, "nobody": 302}),
    ("reports:metrics", {}, EVERY_MEMBER | {"zed": 302, "nobody": 302}),
    ("reports:edition", {"pk": "edition=fay"}, OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:history", {"pk": "edition=fay"}, OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:known", {"pk": "edition=fay", "metric": "funnel", "row": "1"},
     OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:research", {}, RESEARCH | {"dana": 200}),
    ("reports:research_agreement", {"pk": "agreement=A"}, RESEARCH | {"dana": 404}),
    ("reports:research_extracts", {"pk": "agreement=A"}, RESEARCH | {"ines": 422, "mara": 422, "dana": 404}, "post"),
    ("reports:research_ends", {"pk": "agreement=A"}, RESEARCH | {"ines": 422, "mara": 422, "dana": 404}, "post"),
    ("reports:research_downloads", {"pk": "extract=A"}, RESEARCH | {"ines": 422, "mara": 422, "dana": 404}, "post"),
    ("reports:withdrawals", {"pk": "edition=fay"},
     OF_FAY | {"rosa": 403, "sefo": 403, "tavi": 403, "abel": 403, "fay": 403, "ines": 422, "zed": 302, "nobody": 302}, "post"),
    ("reports:sign_offs", {}, dict.fromkeys(EVERY_MEMBER, 403) | {"lena": 200, "zed": 302, "nobody": 302}),
    ("reports:chart", {"pk": "edition=fay", "name": "chart-funnel-light.svg"},
     OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:download", {"pk": "edition=fay"}, OF_FAY | {"fay": 404, "zed": 302, "nobody": 302}, "post"),
]  # fmt: skip
