"""The gallery's own addresses: the page, the pages of the door, and what they need."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.conf.gallery.content import context


class DoorForm(forms.Form):
    """The fields of Django's log-in form, without its database."""

    username = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)


def gallery(request: HttpRequest) -> HttpResponse:
    """All components."""
    return render(request, "gallery.html", context(request))


def saved(request: HttpRequest) -> HttpResponse:
    """An autosave that works, or fails when told to."""
    return HttpResponse(status=500 if request.POST.get("note") == "fail" else 204)


def login(request: HttpRequest) -> HttpResponse:
    """The log-in page; with ``?wrong`` as it answers a wrong password."""
    form = DoorForm({"username": "maya@example.com", "password": ""} if "wrong" in request.GET else None)
    return render(request, "conf/login.html", {"form": form})


def error(request: HttpRequest, name: str) -> HttpResponse:
    """An error page by its template's name."""
    return render(
        request, f"{name}.html", {"error": {"problem": "The run has ended.", "remedy": "Start another."}}
    )


urlpatterns = [
    path("", gallery, name="home"),
    path("login/", login, name="login"),
    path("logout/", gallery, name="logout"),
    path("password/", gallery, name="password_change"),
    path("saved/", saved, name="saved"),
    path("errors/<str:name>/", error, name="error"),
]
