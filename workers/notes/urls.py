"""Addresses of notes, tasks, and what is followed."""

from django.urls import path

from workers.notes import task_views, views

urlpatterns = [
    path("placements/<int:pk>/notes/", views.placement_notes, name="placement_notes"),
    path("placements/<int:pk>/tasks/", views.placement_tasks, name="placement_tasks"),
    path("placements/<int:pk>/follows/", views.placement_follows, name="placement_follows"),
    path("cohorts/<int:pk>/notes/", views.cohort_notes, name="cohort_notes"),
    path("cohorts/<int:pk>/tasks/", views.cohort_tasks, name="cohort_tasks"),
    path("cohorts/<int:pk>/follows/", views.cohort_follows, name="cohort_follows"),
    path("notes/<int:pk>/", views.note, name="note"),
    path("tasks/", task_views.task_list, name="tasks"),
    path("tasks/<int:pk>/", task_views.task, name="task"),
    path("tasks/<int:pk>/steps/", task_views.task_steps, name="task_steps"),
    path("news/", views.news, name="news"),
]
