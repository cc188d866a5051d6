from django.urls import path

from advisory.recommendations.views import deciding, fragments, history, record, scenarios, search, what_if

app_name = "recommendations"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("recommendations/", history.history, name="history"),
    path("recommendations/export.<slug:kind>", history.history_export, name="history_export"),
    path("recommendations/<uuid:recommendation_id>/", record.recommendation, name="recommendation"),
    path("recommendations/<uuid:recommendation_id>/document.json", record.document, name="document"),
    path("recommendations/<uuid:recommendation_id>/replay/", record.replay, name="replay"),
    path("recommendations/<uuid:recommendation_id>/present/", deciding.present, name="present"),
    path("recommendations/<uuid:recommendation_id>/decide/", deciding.decide, name="decide"),
    path("recommendations/<uuid:recommendation_id>/what-if/", what_if.what_if, name="what_if"),
    path("recommendations/<uuid:recommendation_id>/scenarios/", scenarios.save, name="scenario_save"),
    path("recommendations/<uuid:recommendation_id>/compare/", scenarios.compare, name="compare"),
    path("scenarios/<uuid:scenario_id>/rename/", scenarios.rename, name="scenario_rename"),
    path("scenarios/<uuid:scenario_id>/delete/", scenarios.delete, name="scenario_delete"),
    path("accounts/<uuid:account_id>/evaluate/", deciding.evaluate, name="evaluate"),
    path("accounts/<uuid:account_id>/asking/", fragments.asking, name="asking"),
    path("accounts/<uuid:account_id>/recommendation/", fragments.account_status, name="account_status"),
    path(
        "households/<uuid:household_id>/recommendations/", fragments.household_status, name="household_status"
    ),
    path("households/<uuid:household_id>/plan/", fragments.household_plan, name="household_plan"),
]
