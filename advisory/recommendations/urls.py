from django.urls import path

from advisory.recommendations.views import deciding, fragments, history, record

app_name = "recommendations"
urlpatterns = [
    path("recommendations/", history.history, name="history"),
    path("recommendations/export.csv", history.history_export, name="history_export"),
    path("recommendations/<uuid:recommendation_id>/", record.recommendation, name="recommendation"),
    path("recommendations/<uuid:recommendation_id>/document.json", record.document, name="document"),
    path("recommendations/<uuid:recommendation_id>/replay/", record.replay, name="replay"),
    path("recommendations/<uuid:recommendation_id>/present/", deciding.present, name="present"),
    path("recommendations/<uuid:recommendation_id>/decide/", deciding.decide, name="decide"),
    path("accounts/<uuid:account_id>/evaluate/", deciding.evaluate, name="evaluate"),
    path("accounts/<uuid:account_id>/recommendation/", fragments.account_status, name="account_status"),
    path(
        "households/<uuid:household_id>/recommendations/", fragments.household_status, name="household_status"
    ),
]
