"""Addresses of the reports app."""

from django.urls import path

from reports import edition_views, known_views, views
from reports.delivery import reading_views, schedule_views
from reports.research import views as research

app_name = "reports"
urlpatterns = [
    path("reports/", views.report_list, name="list"),
    path("reports/figures/", views.metric_list, name="metrics"),
    path("editions/<int:pk>/", views.edition_page, name="edition"),
    path("research/", research.agreements, name="research"),
    path("research/<int:pk>/", research.agreement, name="research_agreement"),
    path("research/<int:pk>/extracts/", research.extracts, name="research_extracts"),
    path("research/<int:pk>/ends/", research.ends, name="research_ends"),
    path("research/extracts/<int:pk>/downloads/", research.downloads, name="research_downloads"),
    path("editions/<int:pk>/figures/<str:metric>/<int:row>/", known_views.figure, name="known"),
    path("reports/signatures/", edition_views.sign_offs, name="sign_offs"),
    path("editions/<int:pk>/history/", edition_views.history, name="history"),
    path("editions/<int:pk>/withdrawals/", edition_views.withdrawals, name="withdrawals"),
    path("editions/<int:pk>/downloads/", views.download, name="download"),
    path("reports/schedules/", schedule_views.schedules, name="schedules"),
    path("reports/schedules/<int:pk>/", schedule_views.schedule, name="schedule"),
    path("reports/schedules/<int:pk>/states/", schedule_views.states, name="schedule_states"),
    path("reports/downloads/", reading_views.downloads, name="downloads"),
    path("reports/comments/", reading_views.all_comments, name="comments"),
    path("reports/comments/<int:pk>/answers/", reading_views.answers, name="answers"),
    path("links/<str:token>/", reading_views.open_link, name="open_link"),
    path("editions/link/", reading_views.link, name="link"),
    path("editions/links/<int:pk>/revocations/", reading_views.revocations, name="revocations"),
    path("editions/<int:pk>/deliveries/", reading_views.deliveries, name="deliveries"),
    path("editions/<int:pk>/announcements/", reading_views.announcements, name="announcements"),
    path("editions/<int:pk>/acknowledgements/", reading_views.acknowledgements, name="acknowledgements"),
    path("editions/<int:pk>/comments/", reading_views.comments, name="comments_of"),
    path("editions/<int:pk>/charts/<str:name>", views.chart, name="chart"),
]
