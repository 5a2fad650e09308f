"""Addresses of the files of papers, costs and trainings."""

from django.urls import path

from workers.files import views

FOLDERS = {"document": "documents", "cost": "costs", "training": "trainings"}
urlpatterns = [
    address
    for code, folder in FOLDERS.items()
    for address in (
        path(f"{folder}/<int:pk>/files/", views.files, {"code": code}, name=f"{code}_files"),
        path(f"{folder}/files/<int:pk>/", views.file, {"code": code}, name=f"{code}_file"),
        path(f"{folder}/files/<int:pk>/withdrawals/", views.withdrawals, {"code": code}, name=f"{code}_file_withdrawals"),
    )
]  # fmt: skip
