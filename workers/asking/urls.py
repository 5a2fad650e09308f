"""Addresses of requests of papers."""

from django.urls import path

from workers.asking import views

urlpatterns = [
    path("cohorts/<int:pk>/paper-requests/", views.asked, name="papers_asked"),
    path("paper-requests/", views.paper_requests, name="paper_requests"),
    path("paper-requests/<int:pk>/", views.paper_request, name="paper_request"),
    path("paper-requests/<int:pk>/withdrawals/", views.withdrawals, name="papers_withdrawn"),
]
