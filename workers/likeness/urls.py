"""Addresses of look-alikes and of somebody new."""

from django.urls import path

from . import views

urlpatterns = [
    path("people/new/", views.new_person, name="new_person"),
    path("people/new/alike/", views.new_person_alike, name="new_person_alike"),
    path("people/alike/", views.alike, name="alike"),
    path("people/alike/<int:pk>/", views.pair, name="pair"),
    path("people/alike/<int:pk>/decisions/", views.decisions, name="pair_decisions"),
    path("people/merges/<int:pk>/undoing/", views.undoings, name="merge_undoing"),
]
