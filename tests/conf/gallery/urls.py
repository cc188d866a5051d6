"""The gallery's own addresses: the page, and what the top bar links to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.conf.gallery.content import context


def gallery(request: HttpRequest) -> HttpResponse:
    """All components."""
    return render(request, "gallery.html", context(request))


def saved(request: HttpRequest) -> HttpResponse:
    """An autosave that works, or fails when told to."""
    return HttpResponse(status=500 if request.POST.get("note") == "fail" else 204)


def bare(request: HttpRequest) -> HttpResponse:
    """The page of a server error."""
    return render(request, "500.html")


urlpatterns = [
    path("", gallery, name="home"),
    path("login/", bare, name="login"),
    path("logout/", gallery, name="logout"),
    path("password/", gallery, name="password_change"),
    path("saved/", saved, name="saved"),
]
