"""Addresses of agreements, their versions and what people do to them."""

from __future__ import annotations

from django.urls import include, path

from smarketing.web.views import agreement_acts as acts
from smarketing.web.views import agreement_edit as edit
from smarketing.web.views import agreement_guide as guide
from smarketing.web.views import agreement_new as begin
from smarketing.web.views import agreement_text as texts
from smarketing.web.views import agreements

version = [
    path("", agreements.version, name="agreement_version"),
    path("changes", agreements.changes, name="agreement_changes"),
    path("revisions/", agreements.revisions, name="agreement_revisions"),
    path("revisions/<int:revision>/restoration", edit.restoration, name="agreement_restoration"),
    path("edit/", edit.overview, name="agreement_edit"),
    path("edit/promises/", edit.promises, name="agreement_edit_promises"),
    path("edit/promises/<str:commitment>/", edit.promise, name="agreement_edit_promise"),
    path("edit/new-promise/", edit.new_promise, name="agreement_edit_new_promise"),
    path("edit/<str:section>/", edit.section, name="agreement_edit_section"),
    path("guide/<str:step>/", guide.step, name="agreement_guide"),
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
    path("new/", begin.choose, name="agreement_new"),
    path("new/guide/", guide.begin, name="agreement_new_guide"),
    path("<str:slug>/", agreements.show, name="agreement"),
    path("<str:slug>/versions/<int:number>/", include(version)),
]
