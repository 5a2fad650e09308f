"""Addresses of the pilots app. The page of one pilot counts placements and is the workers app's."""

from django.urls import path

from pilots import views

app_name = "pilots"
urlpatterns = [
    path("pilots/", views.pilot_list, name="list"),
    path("pilots/<slug:slug>/rules/", views.scheme_rules, name="rules"),
    path("pilots/<slug:slug>/cohorts/", views.cohorts, name="cohorts"),
    path("pilots/<slug:slug>/sites/", views.sites, name="sites"),
    path("pilots/<slug:slug>/job-orders/", views.job_orders, name="job_orders"),
]
