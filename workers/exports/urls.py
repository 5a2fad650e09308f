"""Addresses of lists and their downloads; their names live in the workers app."""

from django.urls import path

from . import views

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<slug:code>/", views.listed, name="listed"),
    path("downloads/", views.downloads, name="downloads"),
    path("downloads/new/", views.download_new, name="download_new"),
    path("downloads/<int:pk>/", views.download, name="download"),
    path("downloads/<int:pk>/files/", views.download_file, name="download_file"),
    path("downloads/<int:pk>/withdrawals/", views.download_withdrawals, name="download_withdrawals"),
]
