#!/usr/bin/env python3
"""Django's own commands on this checkout: .venv/bin/python manage.py check --deploy."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")
execute_from_command_line(sys.argv)
