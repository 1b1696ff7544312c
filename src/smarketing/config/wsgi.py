"""The door that web servers open."""

import os

from django.core.wsgi import get_wsgi_application

from smarketing.cli.lifeline import hold_lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")

hold_lifeline()
application = get_wsgi_application()
