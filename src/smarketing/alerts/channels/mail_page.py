"""The HTML of a mail: tables and styles in place, because that is what mail programs read."""

from __future__ import annotations

from markupsafe import Markup, escape

from smarketing.alerts.message import Link, Message

INK, BODY, MUTED, RULE, PAPER, SURFACE = "#1d1f27", "#3c404d", "#666b7a", "#e5e3df", "#f7f6f4", "#ffffff"
TONES = {"good": "#156b46", "bad": "#b3312a", "open": "#8a560a"}
FONT = "font-family:Inter,'Segoe UI',system-ui,-apple-system,Roboto,Arial,sans-serif"
DARK = (
    "@media (prefers-color-scheme: dark){.paper{background:#101218!important}.sheet{background:#181b23!important;"
    "border-color:#2b2f3b!important}.ink{color:#eceef4!important}.body{color:#c9cdd9!important}"
    ".muted{color:#a0a6b7!important}.rule{border-color:#2b2f3b!important}.act{background:#7ea2ff!important;"
    "color:#101218!important}.also{color:#7ea2ff!important}}"
)


def page_of(message: Message, *, chart: str = "") -> str:
    """The whole document; every text is escaped here.

    Takes    chart  address of the picture inside the mail; empty for none
    """
    tone = TONES.get(message.tone, "#2f5fd0")
    return Markup(
        '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        "<title>{subject}</title><style>{dark}</style></head>"
        '<body class="paper" style="margin:0;padding:0;background:{paper}">'
        '<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" '
        'style="background:{paper}"><tr><td align="center" style="padding:24px 12px">'
        '<table role="presentation" class="sheet" width="100%" cellpadding="0" cellspacing="0" '
        'style="max-width:560px;background:{surface};border:1px solid {rule};border-radius:14px;{font}">'
        '<tr><td style="height:5px;line-height:5px;background:{tone};border-radius:14px 14px 0 0">&nbsp;</td></tr>'
        '<tr><td style="padding:24px">{inside}</td></tr></table>{foot}</td></tr></table></body></html>'
    ).format(
        language=message.language,
        subject=message.subject,
        dark=Markup(DARK),
        paper=PAPER,
        surface=SURFACE,
        rule=RULE,
        font=Markup(FONT),
        tone=tone,
        inside=_inside(message, chart),
        foot=_foot(message),
    )


def _inside(message: Message, chart: str) -> Markup:
    title = Markup(
        '<h1 class="ink" dir="auto" style="margin:0 0 12px;font-size:20px;line-height:1.3;color:{ink};'
        'overflow-wrap:anywhere">{subject}</h1>'
    ).format(ink=INK, subject=message.subject)
    picture = Markup(
        '<img src="{chart}" alt="{text}" width="510" style="width:100%;height:auto;margin:12px 0;display:block">'
    ).format(chart=chart, text=message.chart_text)
    return Markup("").join(
        [
            title,
            *(_line(line) for line in message.lines),
            picture if chart else Markup(""),
            _facts(message.facts),
            *(_part(part) for part in message.parts),
            _links(message.links),
        ]
    )


def _line(text: str) -> Markup:
    return Markup(
        '<p class="body" dir="auto" style="margin:0 0 10px;font-size:15px;line-height:1.5;color:{body};'
        'overflow-wrap:anywhere">{text}</p>'
    ).format(body=BODY, text=text)


def _facts(facts: tuple[tuple[str, str], ...]) -> Markup:
    if not facts:
        return Markup("")
    rows = Markup("").join(
        Markup(
            '<tr><th class="muted rule" scope="row" align="left" style="padding:7px 12px 7px 0;font-size:13px;'
            'font-weight:400;color:{muted};border-top:1px solid {rule};vertical-align:top">{name}</th>'
            '<td class="ink rule" dir="auto" style="padding:7px 0;font-size:14px;color:{ink};'
            'border-top:1px solid {rule};overflow-wrap:anywhere">{value}</td></tr>'
        ).format(muted=MUTED, rule=RULE, ink=INK, name=name, value=value)
        for name, value in facts
    )
    return Markup(
        '<table width="100%" cellpadding="0" cellspacing="0" style="margin:14px 0;{font}">{rows}</table>'
    ).format(font=Markup(FONT), rows=rows)


def _part(part: Message) -> Markup:
    first = Markup('<a class="also" href="{url}" style="color:#2f5fd0">{text}</a>')
    link = Markup("").join(first.format(url=link.url, text=link.text) for link in part.links[:1])
    return Markup(
        '<div class="rule" style="border-top:1px solid {rule};padding:12px 0">'
        '<p class="ink" dir="auto" style="margin:0 0 4px;font-size:15px;font-weight:600;color:{ink};'
        'overflow-wrap:anywhere">{subject}</p>{lines}<p style="margin:0;font-size:14px">{link}</p></div>'
    ).format(rule=RULE, ink=INK, subject=part.subject, lines=Markup("").join(map(_line, part.lines[:2])), link=link)


def _links(links: tuple[Link, ...]) -> Markup:
    if not links:
        return Markup("")
    first, *others = links
    button = Markup(
        '<a class="act" href="{url}" style="display:inline-block;padding:12px 20px;border-radius:8px;'
        'background:#2f5fd0;color:#ffffff;font-size:15px;font-weight:600;text-decoration:none">{text}</a>'
    ).format(url=first.url, text=first.text)
    more = Markup("").join(
        Markup(
            '<a class="also" href="{url}" style="color:#2f5fd0;font-size:14px;margin-right:18px;line-height:2.4">'
            "{text}</a>"
        ).format(url=link.url, text=link.text)
        for link in others
    )
    return Markup('<div style="margin:18px 0 4px">{button}</div><div>{more}</div>').format(button=button, more=more)


def _foot(message: Message) -> Markup:
    stop = escape("")
    if message.stop_link:
        stop = Markup('<br><a class="muted" href="{url}" style="color:{muted}">{text}</a>').format(
            url=message.stop_link, muted=MUTED, text=message.stop_text or message.stop_link
        )
    return Markup(
        '<p class="muted" style="max-width:560px;margin:14px auto 0;font-size:12px;line-height:1.5;'
        'color:{muted};{font}">{note}{stop}</p>'
    ).format(muted=MUTED, font=Markup(FONT), note=message.note, stop=stop)
