"""Tells Django about the site's style sheets, scripts and pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "smarketing.web"
    label = "web"
