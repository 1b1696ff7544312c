"""Ready agreements to begin from, in every language of the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH, nearest
from smarketing.terms.language import LANGUAGES, N_, Words

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Starter:
    """`purpose` is a sentence of the catalogue: whom it suits."""

    name: str
    purpose: str


STARTERS = (
    Starter("small_b2b", N_("Small B2B team: a few leads a month, everybody knows everybody.")),
    Starter("inside_sales", N_("Inside sales: many leads, long telephone hours, minutes that matter.")),
    Starter("multilevel_service", N_("Marketing, sales and customer service in one chain.")),
    Starter("customer_sla", N_("A supplier and one customer: deliveries, answers and credits.")),
    Starter("value_tiers", N_("Leads weighed by what they are worth instead of counted.")),
)


def starters() -> tuple[Starter, ...]:
    """Every starter, the simplest first."""
    return STARTERS


def starter_text(name: str, language: str, *, words: Words = ENGLISH) -> str:
    """The YAML of a starter.

    Raises TermsError for a name or language that there is not.
    """
    names = [starter.name for starter in STARTERS]
    if name not in names:
        meant = nearest(name, names)
        hint = words('Did you mean "{meant}"?', meant=meant) if meant else ""
        hint = hint or words("Choose one of {choices}.", choices=", ".join(names))
        raise TermsError(words('There is no starter "{name}".', name=name), hint=hint)
    if language not in LANGUAGES:
        hint = words("Choose one of {choices}.", choices=", ".join(LANGUAGES))
        raise TermsError(words('There is no language "{language}".', language=language), hint=hint)
    return (FOLDER / f"{name}.{language}.yaml").read_text(encoding="utf-8")
