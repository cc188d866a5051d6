"""``/api/v1/``: each app brings its operations; the schema describes them all."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from advisory.conf.api import EvaluationsView

app_name = "api"
urlpatterns = [
    path("evaluations/", EvaluationsView.as_view(), name="evaluations"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
