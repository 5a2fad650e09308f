"""Addresses of cases, and of the page where a worker raises a concern without an account."""

from django.urls import path

from compliance.views import case_acts, case_doors, cases, concern, posters

urlpatterns = [
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/told/", cases.case_told, name="case_told"),
    path("cases/openings/", case_doors.openings, name="openings"),
    path("cases/openings/<int:pk>/reviews/", case_doors.opening_reviews, name="opening_reviews"),
    path("cases/offers/<int:pk>/answers/", case_doors.offer_answers, name="offer_answers"),
    path("cases/offers/<int:pk>/revocations/", case_doors.offer_revocations, name="offer_revocations"),
    path("cases/codes/", posters.concern_codes, name="concern_codes"),
    path("pilots/<slug:slug>/hotline/", posters.hotline, name="hotline"),
    path("cases/codes/<int:pk>/poster/", posters.poster, name="poster"),
    path("cases/codes/<int:pk>/revocations/", posters.code_revocations, name="code_revocations"),
    path("cases/<str:code>/", cases.case, name="case"),
    path("cases/<str:code>/readings/", cases.readings, name="readings"),
    path("cases/<str:code>/files/<int:pk>/", cases.case_file, name="case_file"),
    path("cases/<str:code>/files/<int:pk>/withdrawals/", cases.case_file_withdrawals, name="case_file_withdrawals"),
    path("cases/<str:code>/takings/", case_doors.takings, name="case_takings"),
    path("cases/<str:code>/moves/", case_acts.moves, name="case_moves"),
    path("cases/<str:code>/notes/", case_acts.notes, name="case_notes"),
    path("cases/<str:code>/messages/", case_acts.case_messages, name="case_messages"),
    path("cases/<str:code>/changes/", case_acts.changes, name="case_changes"),
    path("cases/<str:code>/readers/", case_acts.case_readers, name="case_readers"),
    path("cases/<str:code>/identities/", case_acts.identities, name="case_identities"),
    path("cases/<str:code>/concerned/", case_acts.concerned, name="case_concerned"),
    path("cases/<str:code>/restrictions/", case_acts.restrictions, name="case_restrictions"),
    path("cases/<str:code>/legal-holds/", case_acts.legal_holds, name="case_legal_holds"),
    path("cases/<str:code>/offers/", case_acts.case_offers, name="case_offers"),
    path("concern/", concern.concern, name="concern"),
    path("concern/answers/", concern.follow, name="concern_follow"),
    path("concern/answers/photos/", concern.photos, name="concern_photos"),
    path("concern/answers/messages/", concern.answers, name="concern_answers"),
]
