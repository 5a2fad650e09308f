"""Addresses of the pilots app. The page of one pilot counts placements and is the workers app's."""

from django.urls import path

from pilots.views import grants, places, rules, schemes

app_name = "pilots"
urlpatterns = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/<slug:slug>/", schemes.scheme, name="scheme"),
    path("pilots/", places.pilot_list, name="list"),
    path("pilots/<slug:slug>/rules/", rules.in_force, name="rules"),
    path("pilots/<slug:slug>/rules/changes/", rules.rule_changes, name="rule_changes"),
    path("pilots/<slug:slug>/rules/<slug:name>/", rules.rule, name="rule"),
    path("pilots/<slug:slug>/overrides/", rules.overrides, name="overrides"),
    path("pilots/<slug:slug>/overrides/<int:pk>/ends/", rules.ends, name="override_ends"),
    path("pilots/<slug:slug>/cohorts/", places.cohorts, name="cohorts"),
    path("cohorts/<int:pk>/changes/", places.cohort_changes, name="cohort_changes"),
    path("pilots/<slug:slug>/sites/", places.sites, name="sites"),
    path("pilots/<slug:slug>/grants/", grants.grants, name="grants"),
    path("pilots/<slug:slug>/grants/<int:pk>/", grants.grant, name="grant"),
    path("pilots/<slug:slug>/grants/<int:pk>/closings/", grants.closings, name="grant_closings"),
    path("pilots/<slug:slug>/grants/<int:pk>/targets/", grants.targets, name="grant_targets"),
    path("pilots/<slug:slug>/grants/<int:pk>/targets/<int:target>/", grants.target, name="grant_target"),
    path("pilots/<slug:slug>/job-orders/", places.job_orders, name="job_orders"),
]
