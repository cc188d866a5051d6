from django.urls import path

from implementation import views

app_name = "implementation"
urlpatterns = [
    path("shelf/", views.shelf, name="shelf"),
    path("policy/", views.policy, name="policy"),
]
