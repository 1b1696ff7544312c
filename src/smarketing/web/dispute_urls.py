"""Addresses of disputes and of waivers that are asked for by the hour."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import disputes, waivers

urlpatterns = [
    path("disputes/", disputes.browse, name="disputes"),
    path("disputes/new/", disputes.new, name="dispute_new"),
    path("disputes/<int:dispute_id>/", disputes.show, name="dispute"),
    path("disputes/<int:dispute_id>/decision", disputes.decide, name="dispute_decision"),
    path("disputes/<int:dispute_id>/withdrawal", disputes.withdraw, name="dispute_withdrawal"),
    path("disputes/<int:dispute_id>/revocation", disputes.revoke, name="dispute_revocation"),
    path("disputes/<int:dispute_id>/evidence/", disputes.evidence, name="dispute_evidence"),
    path("disputes/<int:dispute_id>/evidence/<int:evidence_id>", disputes.file, name="dispute_file"),
    path("waivers/", waivers.create, name="waivers"),
    path("waivers/new/", waivers.new, name="waiver_new"),
]
