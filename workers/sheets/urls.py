"""Addresses of the spreadsheets, under ``/imports/``; their names live in the workers app."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("templates/<str:kind>.xlsx", views.import_template, name="import_template"),
    path("<int:pk>/", views.import_page, name="import"),
    path("<int:pk>/checks/", views.checks, name="import_checks"),
    path("<int:pk>/commits/", views.commits, name="import_commits"),
    path("<int:pk>/undoings/", views.undoings, name="import_undoings"),
    path("<int:pk>/remainder.xlsx", views.import_remainder, name="import_remainder"),
]
