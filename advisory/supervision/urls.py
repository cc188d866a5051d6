"""Addresses of compliance's pages."""

from django.urls import path

from advisory.supervision import views

app_name = "supervision"
urlpatterns = [
    path("reviews/", views.queue, name="queue"),
    path("reviews/export.<slug:kind>", views.queue_export, name="queue_export"),
    path("reviews/<uuid:review_id>/", views.review, name="review"),
    path("reviews/<uuid:review_id>/act/", views.review_act, name="review_act"),
    path(
        "recommendations/<uuid:recommendation_id>/reviews/", views.decision_reviews, name="decision_reviews"
    ),
]
