"""Addresses of the accounts app."""

from django.urls import path

from accounts.views import invitations, jobs, me, members, switch

app_name = "accounts"
urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/role/", members.role, name="member_role"),
    path("members/<int:pk>/end/", members.end, name="member_end"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="invitation_revoke"),
    path("invitations/accept/", invitations.accept, name="accept"),
    path("invitations/accept/<str:token>/", invitations.open_link, name="accept_link"),
    path("switch/", switch.switch, name="switch"),
    path("me/", me.me, name="me"),
    path("language/", me.language, name="language"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:pk>/again/", jobs.again, name="job_again"),
]
