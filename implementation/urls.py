from django.urls import path

from implementation import views

app_name = "implementation"
urlpatterns = [
    path("shelf/", views.shelf, name="shelf"),
    path("policy/", views.policy, name="policy"),
    path("households/<uuid:household_id>/overlays/", views.household_overlays, name="household_overlays"),
    path("accounts/<uuid:account_id>/overlays/", views.account_overlays, name="account_overlays"),
]
