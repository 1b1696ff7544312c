"""Who works at the demo company: fourteen reps in four teams, uneven on purpose, a queue and a machine."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rep:
    """One sales rep; the numbers are habits that the exports will show."""

    id: str
    name: str
    team: str
    office: str
    answer_min: float  # median business minutes to the first touch
    ignores: float  # share of leads never touched
    stamina: float  # attempts before giving up
    charm: float  # chance that an attempt reaches the person
    tidy: float  # share of worked leads whose outcome is written down
    late_log: float  # share of touches written down days later
    share: float = 1.0  # weight in the team's round robin
    joined: int = 0  # month of the story
    left: int = 99
    away: tuple[tuple[int, int], ...] = ()  # (first day, days) counted from the first day of the story


@dataclass(frozen=True, slots=True)
class Market:
    """Where a lead lives: its language, its clock, the team that answers it."""

    name: str
    team: str
    zone: str
    language: str
    share: float


OFFICES = {"madrid": "Europe/Madrid", "new-york": "America/New_York"}
MARKETS = (
    Market("Spain", "Iberia", "Europe/Madrid", "es", 0.34),
    Market("Italy", "Italia", "Europe/Madrid", "it", 0.26),
    Market("Europe", "Europe", "Europe/Madrid", "en", 0.18),
    Market("United States", "Americas", "America/New_York", "en", 0.22),
)
REPS = (
    Rep("u-101", "Inés Carballo", "Iberia", "madrid", 16, 0.01, 6.8, 0.27, 0.98, 0.01, 1.2, away=((318, 12),)),
    Rep("u-102", "Bruno Salvatierra", "Iberia", "madrid", 95, 0.09, 3.1, 0.18, 0.72, 0.14, away=((332, 19),)),
    Rep("u-103", "Rita Serrano", "Iberia", "madrid", 34, 0.03, 5.4, 0.22, 0.93, 0.03, away=((206, 8),)),
    Rep("u-104", "Óscar Peñalver", "Iberia", "madrid", 48, 0.04, 4.9, 0.21, 0.90, 0.05, 0.9),
    Rep("u-201", "Giulia Ferrante", "Italia", "madrid", 22, 0.02, 6.1, 0.25, 0.96, 0.02, 1.1, away=((340, 12),)),
    Rep("u-202", "Matteo Bellandi", "Italia", "madrid", 41, 0.04, 5.0, 0.22, 0.91, 0.04),
    Rep("u-203", "Chiara D'Angelo", "Italia", "madrid", 29, 0.02, 5.8, 0.24, 0.95, 0.02, away=((114, 10),)),
    Rep("u-204", "Luca Morandi", "Italia", "madrid", 70, 0.10, 3.6, 0.19, 0.80, 0.09, left=6),
    Rep("u-205", "Sara Colonna", "Italia", "madrid", 38, 0.04, 5.1, 0.21, 0.93, 0.03, joined=7),
    Rep("u-301", "Niamh O'Reilly", "Europe", "madrid", 19, 0.01, 6.4, 0.26, 0.97, 0.01, 1.1, away=((228, 7),)),
    Rep("u-302", "Tomás Whitfield", "Europe", "madrid", 52, 0.05, 4.4, 0.20, 0.88, 0.06),
    Rep("u-303", "Anke Lindqvist", "Europe", "madrid", 36, 0.03, 5.5, 0.23, 0.94, 0.03, 0.9),
    Rep("u-401", "Marcus Bell", "Americas", "new-york", 25, 0.02, 5.9, 0.24, 0.95, 0.02, 1.1),
    Rep("u-402", "Priya Raman", "Americas", "new-york", 21, 0.01, 6.5, 0.26, 0.98, 0.01, 1.1, away=((296, 9),)),
    Rep("u-403", "Dale Kowalski", "Americas", "new-york", 82, 0.08, 3.3, 0.18, 0.76, 0.11),
)
QUEUE, MACHINE = "q-900", "s-901"
MANAGERS = {"Iberia": "u-101", "Italia": "u-201", "Europe": "u-301", "Americas": "u-401"}


def habit(name: str) -> NDArray[np.float64]:
    """One number of every rep, in the order of REPS."""
    if name not in {f.name for f in fields(Rep)}:
        raise KeyError(name)
    return np.array([getattr(rep, name) for rep in REPS], np.float64)


def address(name: str) -> str:
    plain = name.lower().translate(str.maketrans("áéíóúñç' ", "aeiounc-.")).replace("-", "")
    return f"{plain}@tramontana.example"
