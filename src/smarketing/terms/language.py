"""The reader's language: sentences from the catalogue, numbers, dates and durations as that language writes them."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from smarketing.terms import zones
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.troubles import trouble_words

__all__ = ["LANGUAGES", "N_", "Words", "words"]

LANGUAGES = ("en", "es", "it")
CATALOGUES = Path(__file__).parent.parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Call it with an English sentence and the values of its `{names}`."""

    language: str

    def __call__(self, message: str, /, **values: object) -> str:
        text = _catalogue(self.language).gettext(message) if message else ""
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The sentence for `n` things; `{n}` is filled in."""
        return _catalogue(self.language).ngettext(one, many, n).format(n=self.number(n), **values)

    def number(self, value: float | Decimal | None, digits: int = 0) -> str:
        from babel.numbers import format_decimal

        if value is None:
            return "–"
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=self.language))

    def percent(self, ratio: float | Decimal | None, digits: int = 1) -> str:
        from babel.numbers import format_percent

        if ratio is None:
            return "–"
        pattern = "#,##0." + "0" * digits + "\u00a0%" if digits else "#,##0\u00a0%"
        return str(format_percent(ratio, format=pattern, locale=self.language))

    def money(self, amount: float | Decimal | None, currency: str) -> str:
        from babel.numbers import format_currency

        return "–" if amount is None else str(format_currency(amount, currency, locale=self.language))

    def day(self, on: date) -> str:
        from babel.dates import format_date

        return str(format_date(on, format="EEE d MMM y", locale=self.language))

    def month(self, on: date) -> str:
        """The month of a day, as it stands within a sentence: `January 2026`, `enero de 2026`."""
        from babel.dates import format_skeleton

        return str(format_skeleton("yMMMM", on, locale=self.language))

    def instant(self, at: datetime, zone: str) -> str:
        """Local date and time to the second, with the zone's offset name: `Mon 9 Jun 2025, 10:00:00`."""
        from babel.dates import format_datetime

        local = at.astimezone(zones.zone(zone))
        return str(format_datetime(local, "EEE d MMM y, HH:mm:ss", locale=self.language))

    def minute(self, at: datetime, zone: str) -> str:
        """Local date and time where seconds would only be noise: `Mon 9 Jun 2025, 10:00`."""
        from babel.dates import format_datetime

        return str(format_datetime(at.astimezone(zones.zone(zone)), "EEE d MMM y, HH:mm", locale=self.language))

    def trouble(self, error: OSError) -> str:
        """Why the system refuses a file, where it is one of the usual reasons: `there is no such file or folder`."""
        return trouble_words(error, self)

    def duration(self, seconds: float | None) -> str:
        """Hours, minutes and seconds; never days, because a business day has no fixed length: `1 h 30 min`."""
        if seconds is None:
            return "–"
        sign, whole = ("−" if seconds < 0 else ""), round(abs(seconds))
        hours, rest = divmod(whole, 3600)
        minutes, left = divmod(rest, 60)
        parts = [f"{self.number(n)}\u00a0{unit}" for n, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if n]
        return sign + (" ".join(parts[:2]) or "0\u00a0s")


@cache
def words(language: str) -> Words:
    """The Words of `language`: en, es or it.

    Raises UserError for any other language.
    """
    short = language.replace("-", "_").split("_")[0].lower()
    if short not in LANGUAGES:
        raise UserError(
            N_('There is no language "{language}".'),
            hint=N_("Choose one of {known}."),
            language=language,
            known=", ".join(LANGUAGES),
        )
    return Words(short)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("smarketing", CATALOGUES, [language])
