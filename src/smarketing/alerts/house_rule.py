"""What is told without a rule of the agreement, because the house does it for everybody: disputes on their way."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import cast

from smarketing.terms.alert_rule import EMAIL, IN_APP, AlertRule, Occasion


class HouseOccasion(StrEnum):
    """Beside the occasions that rules may wait for."""

    DISPUTE = "dispute"


def house_rule(on: HouseOccasion, to: Iterable[str]) -> AlertRule:
    """A rule that is in no agreement: to these addresses, on the site and by mail, in their hours, as they wish."""
    return AlertRule.model_construct(id="", on=cast(Occasion, on), to=tuple(to), channels=(IN_APP, EMAIL))
