"""Addresses of the security master's pages."""

from django.urls import path

from households.views import securities, universes

app_name = "securities"
urlpatterns = [
    path("securities/", securities.master, name="master"),
    path("securities/export.csv", securities.export, name="export"),
    path("securities/universes/", universes.universes, name="universes"),
    path("securities/new/", securities.add, name="add"),
    path("securities/load/", securities.load, name="load"),
    path("securities/unknown/", securities.unknown, name="unknown"),
    path("securities/unknown/export.csv", securities.unknown_export, name="unknown_export"),
    path("securities/propose/", securities.propose, name="propose"),
    path("securities/proposals/", securities.proposals, name="proposals"),
    path("securities/proposals/<uuid:proposal_id>/", securities.decide, name="decide"),
    path("securities/<uuid:security_id>/", securities.security, name="security"),
]
