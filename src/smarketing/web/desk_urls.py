"""Addresses of what people do about leads: the desk and its deeds."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import board, desk, lead_entry, rejections

urlpatterns = [
    path("desk/", desk.show, name="desk"),
    path("leads/new", lead_entry.enter, name="lead_entry"),
    path("leads/pasted/", lead_entry.paste, name="lead_pastes"),
    path("leads/rejections/", rejections.show, name="rejections"),
    path("at-risk/", board.show, name="at_risk"),
    path("desk/touches/", desk.touches, name="desk_touches"),
    path("desk/dispositions/", desk.dispositions, name="desk_dispositions"),
    path("desk/snoozes/", desk.snoozes, name="desk_snoozes"),
    path("desk/handovers/", desk.handovers, name="desk_handovers"),
    path("desk/undoings/", desk.undoings, name="desk_undoings"),
]
