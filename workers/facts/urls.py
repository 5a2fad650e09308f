"""Addresses of facts: a placement's terms, one fact recorded by hand, rooms of a site, licences of recruiters."""

from django.urls import path

from workers.facts import views

urlpatterns = [
    path("placements/<int:pk>/terms/", views.terms, name="terms"),
    path("placements/<int:pk>/facts/<slug:kind>/", views.fact, name="fact"),
    path("sites/<int:pk>/", views.site, name="site"),
    path("sites/<int:pk>/inspections/", views.inspections, name="inspections"),
    path("pilots/<slug:slug>/licences/", views.licences, name="licences"),
]
