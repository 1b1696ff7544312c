"""The door that web servers open."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from smarketing.cli.heap import settle_heap
from smarketing.cli.lifeline import hold_lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")

SWITCH_S = 0.001  # whoever has an event's answer ready does not stand behind a page that is being made
hold_lifeline()
sys.setswitchinterval(SWITCH_S)
pages = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402

from smarketing.records.permissions import table  # noqa: E402
from smarketing.web.quick_to_take import quick_to_take  # noqa: E402 — both need Django, which has just been set up
from smarketing.web.refusals import quick_to_refuse  # noqa: E402
from smarketing.workflows.receive_events import GROUP  # noqa: E402

get_resolver().url_patterns, table()  # now, and not while those who come first wait
GROUP.shares = True
application = quick_to_refuse(quick_to_take(pages))
settle_heap()
