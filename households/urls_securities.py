"""Addresses of the security master's pages."""

from django.urls import path

from households.views import securities, universes, unknown_symbols

app_name = "securities"
urlpatterns = [
    path("securities/", securities.master, name="master"),
    path("securities/export.csv", securities.export, name="export"),
    path("securities/universes/", universes.universes, name="universes"),
    path("securities/new/", securities.add, name="add"),
    path("securities/load/", securities.load, name="load"),
    path("securities/unknown/", unknown_symbols.unknown, name="unknown"),
    path("securities/unknown/export.csv", unknown_symbols.unknown_export, name="unknown_export"),
    path("securities/propose/", unknown_symbols.propose, name="propose"),
    path("securities/proposals/", unknown_symbols.proposals, name="proposals"),
    path("securities/proposals/<uuid:proposal_id>/", unknown_symbols.decide, name="decide"),
    path("securities/<uuid:security_id>/", securities.security, name="security"),
]
