from django.urls import URLPattern, URLResolver, include, path

app_name = "households"
urlpatterns: list[URLPattern | URLResolver] = [path("", include("households.urls_imports"))]
