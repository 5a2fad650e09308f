"""The roof as an app, and the operators' admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Home pages, the layout's tags, commands for the whole portal."""

    name = "lamp_portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Join the sign-in to allauth's second-factor app, make our Celery the one that jobs are sent through, and hand
        the kinds of sheet, the lists, the kinds of a timeline, the sources of news and what stands on moves of higher apps to
        their rooms."""
        from accounts.admin import OperatorSheets
        from compliance import following
        from lamp_portal import celery, leaning, listings, operator_formats, sheet_kinds, sign_in, timeline
        from workers.exports import listings as downloads
        from workers.journey import leaning as moves
        from workers.notes import table as news
        from workers.sheets import judges
        from workers.timeline import table

        celery.app.set_default()
        sign_in.connect()
        judges.add(sheet_kinds.SHEET_KINDS)
        downloads.add(listings.LISTINGS)
        table.add(timeline.KINDS)
        news.add(following.OF_COMPLIANCE, following.RECORDS)
        moves.add(leaning.ALL)
        OperatorSheets.sheet_formats = operator_formats.FORMATS


class OperatorAdminConfig(AdminConfig):
    """Django's admin for operators: accounts and settings, no person; behind the second factor."""

    default_site = "lamp_portal.admin.OperatorAdminSite"
