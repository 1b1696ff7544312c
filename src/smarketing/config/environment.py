"""What an installation says of itself: SMARKETING_… variables, each also as a file named by SMARKETING_…_FILE."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

PREFIX = "SMARKETING_"


class Environment(BaseSettings):
    """Every setting with its default; docs/reference/settings.md is made from these descriptions."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("smarketing"), description="folder of the database, facts and secrets"
    )
    database_url: str = Field("", description="postgres://user:password@host/name; SQLite inside the home when empty")
    url: str = Field("http://127.0.0.1:8000", description="address people type; https turns production mode on")
    hosts: str = Field("", description="further host names that may be asked for, separated by commas")
    secret_key: str = Field("", description="signs sessions; made and kept in the home when empty")
    zone: str = Field("UTC", description="IANA zone of people who have not chosen one")
    language: str = Field("en", description="language of people who have not chosen one: en, es or it")
    proxies: int = Field(0, ge=0, description="how many proxies stand before us and add to X-Forwarded-For")
    email_url: str = Field("", description="smtp://user:password@host:587?tls=1; messages go to the log when empty")
    email_from: str = Field("smarketing@localhost", description="sender of every message")
    egress_hosts: str = Field(
        "", description="internal hosts that messages may be posted to: host or host:port, separated by commas"
    )
    oidc: str = Field("", description="single sign-on: a JSON list of {id, name, client_id, secret, server_url}")
    require_mfa: bool = Field(False, description="everybody needs a second factor; on https those who sign always do")
    heartbeat_url: str = Field("", description="asked for every minute while all is well; silence rings there")
    log_format: str = Field("", pattern="^(|json|text)$", description="json or text; when empty json in production")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    debug: bool = Field(False, description="developers only: pages show tracebacks")
    list_lag_s: float = Field(
        5.0,
        ge=0,
        description="seconds for which lists and scorecards may miss what events told, or ten times what bringing them"
        " up took, at most a minute; 0 for never; what people do is there at once",
    )
    workers: int = Field(0, ge=0, description="web processes; one for each core, at most four, when 0")
    import_limit_mb: int = Field(1024, gt=0, description="largest file that may be uploaded, in MB")

    @property
    def trusted_hosts(self) -> frozenset[str]:
        """What the operator lets messages through to although it may be internal."""
        return frozenset(host.strip().lower() for host in self.egress_hosts.split(",") if host.strip())

    @property
    def is_production(self) -> bool:
        return self.url.startswith("https://")


@cache
def environment() -> Environment:
    """The settings of this process.

    Raises UserError that names the variable which makes no sense.
    """
    _read_files()
    if "DATABASE_URL" in os.environ:
        os.environ.setdefault(f"{PREFIX}DATABASE_URL", os.environ["DATABASE_URL"])
    try:
        return Environment()
    except ValidationError as error:
        fault = error.errors()[0]
        name = PREFIX + str(fault["loc"][0]).upper()
        raise UserError(N_("This setting makes no sense: {why}."), where=name, why=fault["msg"]) from None


def _read_files() -> None:
    """A secret may stand in a file: SMARKETING_SECRET_KEY_FILE fills SMARKETING_SECRET_KEY in."""
    for field in Environment.model_fields:
        name = PREFIX + field.upper()
        path = os.environ.get(f"{name}_FILE")
        if path and name not in os.environ:
            try:
                os.environ[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise UserError(
                    N_("This file cannot be read: {why}."), where=f"{name}_FILE={path}", why=error
                ) from None
