"""Addresses of the reports app."""

from django.urls import path

from reports import edition_views, known_views, views
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
    path("editions/<int:pk>/charts/<str:name>", views.chart, name="chart"),
]
