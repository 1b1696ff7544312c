"""Addresses of the site, grouped by noun; no verbs in paths."""

from __future__ import annotations

from django.urls import include, path

from smarketing.web.views import home, reader

urlpatterns = [
    path("", home.show, name="home"),
    path("reader/", reader.choose, name="reader"),
    path("", include("smarketing.web.account_urls")),
]
