"""Addresses of the ground floor's pages."""

from django.urls import URLPattern, URLResolver, include, path

from households.views import accounts, book, handing, households, intake, intake_hub, quality, saved

app_name = "households"
urlpatterns: list[URLPattern | URLResolver] = [
    path("book/", book.book, name="book"),
    path("book/export.<slug:kind>", book.book_export, name="book_export"),
    path("accounts/", quality.accounts, name="accounts"),
    path("accounts/export.<slug:kind>", quality.accounts_export, name="accounts_export"),
    path("data-quality/", quality.quality, name="quality"),
    path("views/save/", saved.view_save, name="view_save"),
    path("views/<uuid:view_id>/delete/", saved.view_delete, name="view_delete"),
    path("views/<uuid:view_id>/start/", saved.view_start, name="view_start"),
    path("households/new/", households.household_create, name="household_create"),
    path("households/<uuid:household_id>/", households.household, name="household"),
    path("households/<uuid:household_id>/edit/", households.household_edit, name="household_edit"),
    path("households/<uuid:household_id>/people/new/", households.person_create, name="person_create"),
    path("people/<uuid:person_id>/", households.person_edit, name="person_edit"),
    path("households/<uuid:household_id>/tax-units/new/", households.tax_unit_create, name="tax_unit_create"),
    path("tax-units/<uuid:tax_unit_id>/", households.tax_unit_edit, name="tax_unit_edit"),
    path("households/<uuid:household_id>/accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/<uuid:account_id>/", accounts.account, name="account"),
    path("accounts/<uuid:account_id>/edit/", accounts.account_edit, name="account_edit"),
    path("accounts/<uuid:account_id>/close/", accounts.account_close, name="account_close"),
    path("positions/<int:position_id>/", accounts.position, name="position"),
    path("accounts/<uuid:account_id>/intake/", intake_hub.intake, name="intake"),
    path("accounts/<uuid:account_id>/intake/check/", intake.intake_check, name="intake_check"),
    path("accounts/<uuid:account_id>/intake/review/", intake_hub.intake_review, name="intake_review"),
    path("accounts/<uuid:account_id>/intake/confirm/", intake_hub.intake_confirm, name="intake_confirm"),
    path(
        "accounts/<uuid:account_id>/intake/hand-over/", intake_hub.intake_hand_over, name="intake_hand_over"
    ),
    path("hand-overs/<uuid:hand_over_id>/back/", handing.hand_back, name="hand_back"),
    path("hand-overs/<uuid:hand_over_id>/seen/", handing.see_back, name="see_back"),
    path("hand-overs/<uuid:hand_over_id>/take-back/", handing.take_back, name="take_back"),
    path("with-you/", handing.with_you, name="with_you"),
    path("accounts/<uuid:account_id>/intake/<slug:section>/", intake.intake_section, name="intake_section"),
    path("", include("households.urls_imports")),
]
