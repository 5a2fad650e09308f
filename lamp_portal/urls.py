"""Every address of the portal. Who may open which is in tests/access_table.py."""

from django.contrib import admin
from django.urls import include, path

from lamp_portal import cohort_calendar, demo_pages, saved_pages, views
from lamp_portal.handing_over import views as handing_over
from lamp_portal.notices import views as notices
from lamp_portal.phone_lock import phone_lock
from lamp_portal.retention_page import retention
from lamp_portal.styleguide import styleguide

urlpatterns = [
    path("", views.home, name="home"),
    path("today/duties/", views.home_duties, name="home_duties"),
    path("first-steps/closings/", views.first_steps_closings, name="first_steps_closings"),
    path("views/", saved_pages.keep_view, name="views"),
    path("views/<int:pk>/ends/", saved_pages.delete_view, name="view_end"),
    path("cohorts/<int:pk>/calendar/", cohort_calendar.calendar, name="cohort_calendar"),
    path("cohorts/<int:pk>/calendar.ics", cohort_calendar.calendar_ics, name="cohort_calendar_ics"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("styleguide/", styleguide, name="styleguide"),
    path("welcome/", views.no_membership, name="no_membership"),
    path("demo/", demo_pages.demo, name="demo"),
    path("demo/sign-in/", demo_pages.sign_in, name="demo_sign_in"),
    path("me/notices/", notices.notices, name="notices"),
    path("notices/stop/<str:token>/", notices.stop, name="notices_stop"),
    path("members/caseload/", handing_over.caseload, name="caseload"),
    path("members/<int:pk>/handing-over/", handing_over.handing_over, name="member_handing_over"),
    path("members/<int:pk>/handing-over/back/", handing_over.back, name="member_handing_back"),
    path("", include("accounts.urls")),
    path("", include("pilots.urls")),
    path("", include("workers.urls")),
    path("", include("compliance.urls")),
    path("", include("reports.urls")),
    path("account/phone-lock/", phone_lock, name="phone_lock"),
    path("account/", include("allauth.urls")),
    path("operator/retention/", retention, name="retention"),
    path("operator/", admin.site.urls),
]
