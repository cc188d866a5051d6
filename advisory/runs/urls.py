"""Addresses of bulk reviews."""

from django.urls import path

from advisory.runs import downloads, views

app_name = "runs"
urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/new/", views.run_create, name="run_create"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("runs/<uuid:run_id>/act/", views.run_act, name="run_act"),
    path("runs/<uuid:run_id>/progress/", views.run_progress, name="run_progress"),
    path("runs/<uuid:run_id>/results/", views.run_results, name="run_results"),
    path("runs/<uuid:run_id>/changes.csv", downloads.run_export, name="run_export"),
    path("runs/<uuid:run_id>/results.csv", downloads.run_export_results, name="run_export_results"),
    path("runs/<uuid:run_id>/exceptions.csv", downloads.run_export_exceptions, name="run_export_exceptions"),
]
