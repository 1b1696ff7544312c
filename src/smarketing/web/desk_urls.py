"""Addresses of what people do about leads: the desk and its deeds."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import desk

urlpatterns = [
    path("desk/", desk.show, name="desk"),
    path("desk/touches/", desk.touches, name="desk_touches"),
]
