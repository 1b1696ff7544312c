"""The service level agreement between marketing and sales, measured lead by lead."""

__version__ = "0.1.0"
