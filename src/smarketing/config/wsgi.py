"""The door that web servers open."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")

application = get_wsgi_application()
