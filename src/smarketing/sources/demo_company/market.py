"""What the demo company's market says: sources, campaigns, names and how good each source's leads are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """One source of leads as the CRM spells it; `grades` are the chances of A, B and C."""

    raw: str
    medium: str
    share: float
    grades: tuple[float, float, float]
    weekend: float  # traffic of a Saturday beside that of a Tuesday
    campaigns: dict[str, tuple[str, ...]]
    cost_per_lead: float = 0.0


CHANNELS = (
    Channel(
        "Google Ads",
        "cpc",
        0.27,
        (0.20, 0.45, 0.35),
        0.45,
        {
            "es": ("Vuelta al taller", "Agenda sin papeles"),
            "it": ("Officina senza carta", "Officina connessa"),
            "en": ("Field teams on time", "Switch from spreadsheets"),
        },
        46.0,
    ),
    Channel(
        "Facebook Lead Ads",
        "paid_social",
        0.15,
        (0.07, 0.36, 0.57),
        0.95,
        {"es": ("Demo en 15 minutos",), "it": ("Prova gratuita di 30 giorni",), "en": ("Fifteen-minute demo",)},
        21.0,
    ),
    Channel(
        "Organic",
        "organic",
        0.23,
        (0.24, 0.46, 0.30),
        0.40,
        {"es": ("",), "it": ("",), "en": ("",)},
    ),
    Channel(
        "Newsletter",
        "email",
        0.12,
        (0.16, 0.52, 0.32),
        0.25,
        {
            "es": ("Boletín de primavera", "Cuaderno del técnico"),
            "it": ("Diario del tecnico",),
            "en": ("The dispatcher's notebook",),
        },
    ),
    Channel(
        "Webinar",
        "webinar",
        0.08,
        (0.28, 0.50, 0.22),
        0.05,
        {
            "es": ("Directo: rutas que cuadran",),
            "it": ("Diretta: giri che tornano",),
            "en": ("Live: routes that add up",),
        },
    ),
    Channel(
        "Trade fair",
        "event",
        0.06,
        (0.30, 0.45, 0.25),
        0.60,
        {"es": ("Feria de Bilbao",), "it": ("Fiera di Bologna",), "en": ("Columbus Field Service Expo",)},
        38.0,
    ),
    Channel(
        "Partner referral",
        "referral",
        0.06,
        (0.48, 0.40, 0.12),
        0.10,
        {"es": ("Red de instaladores",), "it": ("Rete installatori",), "en": ("Installer network",)},
    ),
    Channel("Direct", "direct", 0.03, (0.30, 0.45, 0.25), 0.35, {"es": ("",), "it": ("",), "en": ("",)}),
)
PAID = tuple(position for position, channel in enumerate(CHANNELS) if channel.medium in ("cpc", "paid_social"))
FAIR = next(position for position, channel in enumerate(CHANNELS) if channel.medium == "event")
FAIR_MONTHS = (2, 6, 10)  # fairs are held in these months of the year
PAGES = ("/demo", "/pricing", "/guide", "/webinar", "/contact", "/calculator")

# How busy a month of the year is: August and Christmas are quiet, September is not.
SEASON = (1.02, 1.04, 1.08, 1.00, 1.04, 1.00, 0.94, 0.78, 1.10, 1.10, 1.05, 0.88)
# Share of a lead's day by hour of its own clock: forms are filled in the morning, after lunch and at night.
HOURS = (8, 5, 3, 2, 2, 4, 10, 22, 45, 62, 70, 66, 55, 42, 46, 55, 58, 52, 42, 34, 32, 34, 28, 17)

FIRST = {
    "es": """Lucía Martín Paula Hugo Sofía Daniel Alba Pablo Elena Álvaro Carmen Iker Marta Adrián Nuria Jorge Rocío
        Sergio Begoña Íñigo""",
    "it": """Giorgia Lorenzo Alice Andrea Martina Davide Elisa Federico Chiara Simone Valentina Marco Ilaria Nicolò
        Beatrice Pietro Noemi Salvatore Agnese Dario""",
    "en": """Emma Jack Olivia Noah Grace Liam Aisha Ethan Chloe Mason Zoe Logan Maya Owen Ruby Caleb Tessa Miles Wren
        Desmond""",
}
LAST = {
    "es": """García Núñez Romero Ibáñez Ortega Vidal Muñoz Cano Peña Reyes Soler Bravo Lozano Ferrer Gil Aranda Ríos
        Nieto Zubiri Crespo""",
    "it": """Rossi Bianchi Esposito Ricci Greco Conti Gallo Fontana Rinaldi Moretti Barbieri Lombardi Testa Serra Villa
        Pellegrini Grasso Caruso Sala D'Amico""",
    "en": """Baker Novak Reid Okafor Hughes Larsen Patel Quinn Foster Brandt Murray Silva Coleman Walsh Nguyen Hart
        Becker Ellis Doyle O'Neill""",
}
FIRMS = {
    "es": "Climatizaciones Ascensores Instalaciones Fontanería Talleres",
    "it": "Impianti Termoidraulica Ascensori Officine Manutenzioni",
    "en": "Heating Elevators Plumbing Fieldwork Maintenance",
}
