"""Addresses of the settings about people: profile, tokens, people, teams, what happened."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import audit, invitations, people, profile, teams, tokens

urlpatterns = [
    path("settings/", profile.show, name="settings"),
    path("settings/", profile.show, name="profile"),
    path("settings/tokens/", tokens.browse, name="tokens"),
    path("settings/tokens/<int:token_id>/removal/", tokens.remove, name="token"),
    path("settings/people/", people.browse, name="people"),
    path("settings/people/<int:person_id>/", people.show, name="person"),
    path("settings/people/<int:person_id>/administration/", people.admin, name="person_admin"),
    path("settings/people/<int:person_id>/closing/", people.closing, name="person_closing"),
    path("settings/people/<int:person_id>/opening/", people.opening, name="person_opening"),
    path("settings/people/<int:person_id>/credentials/", people.credentials, name="person_credentials"),
    path("settings/people/<int:person_id>/sessions/", people.sessions, name="person_sessions"),
    path("settings/invitations/", invitations.browse, name="invitations"),
    path("settings/invitations/<int:invitation_id>/removal/", invitations.remove, name="invitation"),
    path("invitations/<str:secret>/", invitations.accept, name="invitation_acceptance"),
    path("settings/teams/", teams.browse, name="teams"),
    path("settings/teams/<slug:slug>/", teams.show, name="team"),
    path("settings/teams/<slug:slug>/members/", teams.members, name="members"),
    path("settings/teams/<slug:slug>/retirement/", teams.retirement, name="team_retirement"),
    path("settings/memberships/<int:membership_id>/", teams.membership, name="membership"),
    path("settings/owners/", teams.owners, name="owners"),
    path("settings/audit/", audit.browse, name="audit"),
    path("settings/audit/audit.csv", audit.export, name="audit_export"),
    path("settings/audit/proof/", audit.verify, name="audit_proof"),
]
