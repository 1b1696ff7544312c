"""Addresses of agreements, their versions and what people do to them."""

from __future__ import annotations

from django.urls import include, path

from smarketing.web.views import agreement_acts as acts
from smarketing.web.views import agreement_text as texts
from smarketing.web.views import agreements

version = [
    path("", agreements.version, name="agreement_version"),
    path("changes", agreements.changes, name="agreement_changes"),
    path("revisions/", agreements.revisions, name="agreement_revisions"),
    path("backtest", agreements.backtest, name="agreement_backtest"),
    path("standings", agreements.standings, name="agreement_standings"),
    path("text", texts.text, name="agreement_text"),
    path("yaml", texts.yaml, name="agreement_yaml"),
    path("pdf", texts.pdf, name="agreement_pdf"),
    path("proposal", acts.propose, name="agreement_proposal"),
    path("counter-proposals/", acts.counter, name="agreement_counter_proposals"),
    path("signatures/", acts.signatures, name="agreement_signatures"),
    path("declines/", acts.decline, name="agreement_declines"),
    path("amendment", acts.amend, name="agreement_amendment"),
    path("end", acts.end, name="agreement_end"),
    path("acknowledgements/", acts.acknowledgements, name="agreement_acknowledgements"),
    path("comments/", acts.comments, name="agreement_comments"),
    path("comments/<int:comment_id>/", acts.comment, name="agreement_comment"),
    path("comments/<int:comment_id>/settlement", acts.comment_settlement, name="agreement_comment_settlement"),
]
urlpatterns = [
    path("", agreements.browse, name="agreements"),
    path("<str:slug>/", agreements.show, name="agreement"),
    path("<str:slug>/versions/<int:number>/", include(version)),
]
