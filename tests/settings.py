"""The site's settings for tests: a home that nobody lives in, passwords hashed quickly, files served as they are.

SMARKETING_TEST_DATABASE_URL names a PostgreSQL to test on; SQLite in memory without it.
"""

import atexit
import os
import shutil
import tempfile

os.environ["SMARKETING_HOME"] = tempfile.mkdtemp(prefix="smarketing-tests-")  # never the home of whoever runs them
atexit.register(shutil.rmtree, os.environ["SMARKETING_HOME"], ignore_errors=True)
for name in ("DATABASE_URL", "SMARKETING_URL", "SMARKETING_OIDC", "SMARKETING_REQUIRE_MFA", "SMARKETING_PROXIES"):
    os.environ.pop(name, None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs in the thread of the tests, and nothing awaits
os.environ["SMARKETING_DATABASE_URL"] = os.environ.get("SMARKETING_TEST_DATABASE_URL", "")

from smarketing.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
