"""Django's settings, all of them derived from the environment of config/environment.py."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from smarketing.config.database import database_of, embedded
from smarketing.config.environment import environment
from smarketing.config.logs import logging_of
from smarketing.config.mail import mail_of
from smarketing.config.secret import secret_key
from smarketing.config.single_sign_on import identity_providers, origin_of, providers_setting
from smarketing.web.seats import CONNECTIONS

ENVIRONMENT = environment()
HOME = ENVIRONMENT.home
PACKAGE = Path(__file__).parents[1]
LIST_LAG_S = ENVIRONMENT.list_lag_s
HEARTBEAT_URL = ENVIRONMENT.heartbeat_url
SITE_URL = ENVIRONMENT.url.rstrip("/")
IS_PRODUCTION = ENVIRONMENT.is_production
SECRET_KEY = secret_key(ENVIRONMENT.secret_key, HOME)
DEBUG = ENVIRONMENT.debug
HOST = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = [HOST, "localhost", "127.0.0.1", "[::1]", *filter(None, ENVIRONMENT.hosts.split(","))]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "smarketing.ledger",
    "smarketing.records",
    "smarketing.web",
]
MIDDLEWARE = [
    "smarketing.web.intake_door.IntakeMiddleware",
    "smarketing.web.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "smarketing.web.packed.PackedMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smarketing.web.session_age.SessionAgeMiddleware",
    "smarketing.web.language.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "smarketing.web.first_run.FirstRunMiddleware",
    "smarketing.web.gate.GateMiddleware",
    "smarketing.web.api.door.DoorMiddleware",
    "smarketing.web.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "smarketing.config.urls"
WSGI_APPLICATION = "smarketing.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "environment": "smarketing.web.environment.environment",
            "context_processors": ["smarketing.web.environment.of_request"],
        },
    },
    {  # what allauth shows beside our own pages
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

N_CONNECTIONS = int(os.environ.get(CONNECTIONS, 0))
DATABASES = {
    "default": database_of(ENVIRONMENT.database_url, n_connections=N_CONNECTIONS)
    if ENVIRONMENT.database_url
    else embedded(HOME)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Axes counts failures in the database, so several processes share one count; allauth's own limits use the cache.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "records.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "smarketing.web.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "smarketing.web.adapters.SingleSignOnAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation proves the address; nobody signs up without one
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from us
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_RATE_LIMITS = {
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip,5/m/key",
    "login_failed": "60/m/ip,10/5m/key",  # counts wrong second factors as well, which axes does not see
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = HOST in ("localhost", "127.0.0.1")
MFA_TOTP_ISSUER = "smarketing"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
_PROVIDERS = identity_providers(ENVIRONMENT.oidc)
SOCIALACCOUNT_PROVIDERS = providers_setting(_PROVIDERS)
IDENTITY_PROVIDERS = [one["server_url"] for one in _PROVIDERS]

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_CALLABLE = "smarketing.web.views.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "smarketing.web.client_address.client_address"
AXES_USERNAME_CALLABLE = "smarketing.web.client_address.typed_address"
AXES_VERBOSE = False

LANGUAGES = [("en", "English"), ("es", "Español"), ("it", "Italiano")]
LANGUAGE_CODE = ENVIRONMENT.language
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [("report", PACKAGE / "reports" / "css")]  # the site and the page of `score --html` share tokens
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "smarketing.web.assets.MadeFiles",
]
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_MAX_AGE = 60 if not IS_PRODUCTION else 31_536_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "uploads"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"  # what a killed server leaves of an upload is swept there, and read by nobody
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "form-action": ["'self'", *map(origin_of, IDENTITY_PROVIDERS)],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
SESSION_COOKIE_AGE = 12 * 3600  # without use; web/session_age.py renews it
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "smarketing.web.views.errors.forged"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
if ENVIRONMENT.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health"]  # whoever asks stands beside us, without TLS

globals().update(mail_of(ENVIRONMENT.email_url, ENVIRONMENT.email_from))
LOGGING = logging_of(ENVIRONMENT.log_format or ("json" if IS_PRODUCTION else "text"), ENVIRONMENT.log_level)
