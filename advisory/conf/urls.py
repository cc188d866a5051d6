"""The project's addresses; each app brings its own."""

from django.contrib.auth import views as auth_views
from django.urls import include, path

from advisory.conf import views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", auth_views.LoginView.as_view(template_name="conf/login.html"), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path(
        "password/",
        auth_views.PasswordChangeView.as_view(template_name="conf/password_change.html", success_url="/"),
        name="password_change",
    ),
    path("healthz", views.healthz, name="healthz"),
    path("", include("households.urls")),
    path("", include("households.urls_securities")),
    path("", include("implementation.urls")),
    path("", include("advisory.recommendations.urls")),
    path("", include("advisory.supervision.urls")),
    path("", include("advisory.runs.urls")),
    path("api/v1/", include("advisory.conf.api_urls")),
]
