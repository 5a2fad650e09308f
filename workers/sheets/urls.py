"""Addresses of the spreadsheets, under ``/imports/``; their names live in the workers app."""

from django.urls import path

from . import views, views_reading, views_withheld

urlpatterns = [
    path("", views.imports, name="imports"),
    path("templates/<str:kind>.xlsx", views.import_template, name="import_template"),
    path("<int:pk>/", views.import_page, name="import"),
    path("withheld/", views_withheld.withheld, name="import_withheld"),
    path("withheld/readings/", views_withheld.withheld_readings, name="import_withheld_readings"),
    path("<int:pk>/rest/", views_reading.import_rest, name="import_rest"),
    path("<int:pk>/withheld/", views_withheld.import_hand_over, name="import_hand_over"),
    path("habits/<str:kind>/", views_reading.import_habits, name="import_habits"),
    path("<int:pk>/columns/", views_reading.import_columns, name="import_columns"),
    path("<int:pk>/answers/", views.import_answers, name="import_answers"),
    path("<int:pk>/rows/<int:number>/", views_reading.import_row, name="import_row"),
    path("<int:pk>/rows/<int:number>/sides/", views_reading.import_sides, name="import_sides"),
    path("<int:pk>/checks/", views.checks, name="import_checks"),
    path("<int:pk>/commits/", views.commits, name="import_commits"),
    path("<int:pk>/undoings/", views.undoings, name="import_undoings"),
    path("<int:pk>/remainder.xlsx", views.import_remainder, name="import_remainder"),
]
