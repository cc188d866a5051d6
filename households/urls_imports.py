"""Addresses of the import pages, included by ``households.urls``."""

from django.urls import path

from households.views import imports

urlpatterns = [
    path("households/<uuid:household_id>/imports/new/", imports.import_create, name="import_create"),
    path("imports/template.<slug:kind>", imports.import_template, name="import_template"),
    path("imports/samples/<str:name>", imports.import_sample, name="import_sample"),
    path("imports/<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:import_id>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<uuid:import_id>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<uuid:import_id>/rejected.csv", imports.import_rejected, name="import_rejected"),
]
