"""Addresses of the workers app. A verb is a row and a row has an address: ``POST /placements/7/moves/``."""

from django.urls import include, path

from workers.views import (
    cohorts,
    corrections,
    find,
    legal_holds,
    moves,
    origins,
    people,
    pilots,
    placements,
    readiness,
    records,
    selection,
)  # fmt: skip

app_name = "workers"
urlpatterns = [
    path("imports/", include("workers.sheets.urls")),
    path("", include("workers.files.urls")),
    path("", include("workers.facts.urls")),
    path("", include("workers.exports.urls")),
    path("", include("workers.likeness.urls")),
    path("", include("workers.notes.urls")),
    path("pilots/<slug:slug>/", pilots.pilot, name="pilot"),
    path("cohorts/<int:pk>/", cohorts.cohort, name="cohort"),
    path("cohorts/<int:pk>/readiness/", readiness.readiness, name="readiness"),
    path("cohorts/<int:pk>/selection/", selection.selection, name="selection"),
    path("cohorts/<int:pk>/moves/", selection.cohort_moves, name="cohort_moves"),
    path("cohorts/<int:pk>/assignments/", selection.assignments, name="assignments"),
    path("cohorts/<int:pk>/unassignments/", selection.unassignments, name="unassignments"),
    path("cohorts/<int:pk>/enrolments/", cohorts.enrolments, name="enrolments"),
    path("find/", find.found, name="find"),
    path("placements/", placements.placement_list, name="list"),
    path("placements/<int:pk>/", placements.placement, name="placement"),
    path("placements/<int:pk>/moves/", moves.moves, name="moves"),
    path("placements/<int:pk>/holds/", records.holds, name="holds"),
    path("placements/<int:pk>/trainings/", records.trainings, name="trainings"),
    path("placements/<int:pk>/consents/", records.consents, name="consents"),
    path("placements/<int:pk>/consents/<int:consent_id>/withdrawal/", records.withdrawals, name="withdrawal"),
    path("placements/<int:pk>/documents/", records.documents, name="documents"),
    path("placements/<int:pk>/history/", people.history, name="history"),
    path("holds/<int:pk>/lifting/", records.lift, name="lift"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/legal-holds/", legal_holds.legal_holds, name="legal_holds"),
    path("legal-holds/", legal_holds.standing_holds, name="standing_holds"),
    path("legal-holds/<int:pk>/lifting/", legal_holds.lifting, name="legal_hold_lifting"),
    path("people/<int:pk>/changes/", corrections.person_changes, name="person_changes"),
    path("people/<int:pk>/origins/", origins.origins, name="origins"),
    path("origins/<str:kind>/<int:pk>/", origins.origin, name="origin"),
]
