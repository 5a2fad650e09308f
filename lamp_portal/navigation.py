"""What the layout shows on every page: where the person is, for whom they act, and where they may go."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import PortalRequest
from accounts.roles import ROLES, Permission
from accounts.scope import Scope

# url name, words, icon, the verb it needs (any of them), and what marks it as current
ITEMS = (
    ("home", "Today", "house", (), "/"),
    ("workers:tasks", "Tasks", "list-todo", (Permission.PERSON_VIEW,), ("/tasks/", "/news/", "/notes/")),
    ("pilots:list", "Pilots", "map", (Permission.PERSON_VIEW,), ("/pilots/", "/cohorts/")),
    ("workers:list", "Workers", "users", (Permission.PERSON_VIEW,), ("/placements/", "/people/", "/holds/")),
    ("workers:imports", "Spreadsheets", "table", (Permission.SHEET_SEND,), "/imports/"),
    ("workers:lists", "Lists", "download", (Permission.PERSON_VIEW,), ("/lists/", "/downloads/")),
    (
        "compliance:checks",
        "Checks",
        "clipboard-check",
        (Permission.CHECK_RECORD, Permission.CHECK_VIEW),
        ("/checks/", "/campaigns/"),
    ),
    ("compliance:duties", "Duties", "alarm-clock", (Permission.PERSON_VIEW,), "/duties/"),
    (
        "compliance:findings",
        "Findings",
        "triangle-alert",
        (Permission.FINDING_VIEW,),
        ("/findings/", "/remedies/", "/rules/"),
    ),
    (
        "compliance:actions",
        "Corrective actions",
        "wrench",
        (Permission.ACTION_ANSWER, Permission.FINDING_VIEW),
        "/actions/",
    ),
    ("compliance:cases", "Cases", "lock", (Permission.CASE_HANDLE,), "/cases/"),
    ("pilots:schemes", "Schemes", "scale", (Permission.PILOT_VIEW,), "/schemes/"),
    ("reports:list", "Reports", "file-chart-column", (Permission.REPORT_VIEW,), ("/reports/", "/editions/")),
    ("accounts:jobs", "Jobs", "list-checks", (Permission.JOB_VIEW,), "/jobs/"),
    ("accounts:members", "Members", "user-cog", (Permission.MEMBER_VIEW,), "/members/"),
)


def _words() -> dict[str, str]:
    return {
        "Today": _("Today"), "Tasks": _("Tasks"), "Pilots": _("Pilots"), "Workers": _("Workers"), "Spreadsheets": _("Spreadsheets"),
        "Lists": _("Lists"),
        "Checks": _("Checks"), "Duties": _("Duties"), "Findings": _("Findings"), "Corrective actions": _("Corrective actions"),
        "Cases": _("Cases"), "Schemes": _("Schemes"),
        "Reports": _("Reports"), "Jobs": _("Jobs"), "Members": _("Members"),
    }  # fmt: skip


def items_for(scope: Scope, path: str) -> list[dict]:
    """The navigation items this scope may open."""
    words = _words()
    return [
        {
            "label": words[label],
            "url": reverse(name),
            "icon": icon,
            "current": path == prefix if prefix == "/" else path.startswith(prefix),
        }
        for name, label, icon, verbs, prefix in ITEMS
        if (not verbs or any(scope.allows(verb) for verb in verbs))
        # Who sees the pilots comes to the schemes from there.
        and not (name == "pilots:schemes" and scope.allows(Permission.PERSON_VIEW))
    ]


def navigation(request: PortalRequest) -> dict:
    """Context for the layout; where no organisation is acted for, only a way out."""
    scope = getattr(request, "scope", None)
    theme = getattr(getattr(request, "user", None), "theme", "system")
    context: dict = {"theme": theme if theme in {"light", "dark"} else "", "demo": settings.DEMO}
    if scope is None:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:  # one's own account, before any organisation is chosen
            name = user.name or user.email
            context["nav"] = {"items": [], "person": name, "logout_url": reverse("account_logout")}
        return context
    several = len(request.memberships) > 1
    context["nav"] = {
        "items": items_for(scope, request.path),
        "organisation": request.membership.organisation.name,
        "role_label": ROLES[scope.role_code].label,
        "person": request.user.name or request.user.email,
        "switch_url": reverse("accounts:switch") if several else "",
        "account_url": reverse("accounts:me"),
        "logout_url": reverse("account_logout"),
        "search_url": reverse("workers:find") if scope.allows(Permission.PERSON_VIEW) else "",
    }
    context["scope"] = scope
    return context
