"""Addresses of the import pages, included by ``households.urls``."""

from django.urls import path

from households.views import import_acts, import_columns, imports

urlpatterns = [
    path("households/<uuid:household_id>/imports/", imports.import_list, name="import_list"),
    path("households/<uuid:household_id>/imports/new/", imports.import_create, name="import_create"),
    path("imports/template.<slug:kind>", imports.import_template, name="import_template"),
    path("imports/samples/<str:name>", imports.import_sample, name="import_sample"),
    path("imports/columns/<uuid:waiting_id>/", import_columns.import_columns, name="import_columns"),
    path(
        "imports/columns/<uuid:waiting_id>/forget/",
        import_columns.import_columns_forget,
        name="import_columns_forget",
    ),
    path("imports/mappings/", import_columns.column_mappings, name="column_mappings"),
    path("imports/mappings/<uuid:mapping_id>/", import_columns.column_mapping, name="column_mapping"),
    path(
        "imports/mappings/<uuid:mapping_id>/delete/",
        import_columns.column_mapping_delete,
        name="column_mapping_delete",
    ),
    path("imports/<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:import_id>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<uuid:import_id>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<uuid:import_id>/undo/", import_acts.import_undo, name="import_undo"),
    path("imports/<uuid:import_id>/rejected.csv", import_acts.import_rejected, name="import_rejected"),
    path("imports/<uuid:import_id>/mended/", import_acts.import_mend, name="import_mend"),
    path(
        "imports/<uuid:import_id>/files/<uuid:file_id>/", import_acts.import_original, name="import_original"
    ),
]
