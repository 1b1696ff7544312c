"""The steps of the demo on the terminal and as JSON: what each one found, in two or three lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from smarketing.charts.numbers import bare
from smarketing.cli.console import say, terminal
from smarketing.reports.spoken import KINDS, span_title, target_words
from smarketing.scorecard.card import Scorecard
from smarketing.scorecard.word import SIGNS, WORDS, Word
from smarketing.terms.language import N_
from smarketing.workflows.run_demo import Checked, Explained, Exported, Imported, Published, Scored, Step

NEXT = (
    N_("Living through fourteen months of a company…"),
    N_("Reading its exports…"),
    N_("Checking the facts…"),
    N_("Judging every promise…"),
    N_("Looking for a breach to explain…"),
    N_("Drawing the page…"),
)
STYLES = {Word.ON_TRACK: "green", Word.BEHIND: "yellow", Word.MET: "bold green", Word.MISSED: "bold red"}
MOST_FINDINGS = 4


def show_step(number: int, step: Step) -> None:
    """Print a finished step under its number."""
    if isinstance(step, Exported):
        _show(number, say("Exported"), *_exported(step))
    elif isinstance(step, Imported):
        _show(number, say("Imported"), *_imported(step))
    elif isinstance(step, Checked):
        _show(number, say("Checked"), *_checked(step))
    elif isinstance(step, Scored):
        _show(number, say("Scored"), _headline(step), _promises(step.card))
    elif isinstance(step, Explained):
        _show(number, say("Explained"), *_explained(step))
    else:
        _show(number, say("Written"), *_published(step))


def _show(number: int, title: str, *lines: str | Table) -> None:
    out = terminal()
    out.print(Text.assemble((f"{number} ", "bold green"), (title, "bold")))
    for line in lines:
        if isinstance(line, str):
            out.print(Text(f"  {line}"), soft_wrap=True)
        else:
            out.print(Padding(line, (0, 0, 0, 2)))


def _exported(step: Exported) -> list[str]:
    exports = step.exports
    size = sum(path.stat().st_size for path in exports.files.values())
    told = say(
        "Tramontana, a made-up company: {leads} leads in fourteen months, {files} files, {size} MB.",
        leads=say.number(exports.n_leads),
        files=len(exports.files),
        size=say.number(size / 1e6, 1),
    )
    return [told, str(next(iter(exports.files.values())).parent)]


def _imported(step: Imported) -> list[str]:
    receipt = step.receipt
    told = say(
        "{n_rows} rows = {n_accepted} accepted + {n_rejected} rejected + {n_duplicates} duplicates",
        n_rows=say.number(receipt.n_rows),
        n_accepted=say.number(receipt.n_accepted),
        n_rejected=say.number(receipt.n_rejected),
        n_duplicates=say.number(receipt.n_duplicates),
    )
    rejects = [str(step.facts / file.rejects_file) for file in receipt.files if file.rejects_file]
    lines = [told]
    if rejects:
        lines.append(say("Rejected rows, each with its reason, wait for correction in {path}.", path=rejects[0]))
    return lines


def _checked(step: Checked) -> list[str]:
    findings = step.readiness.findings
    if not findings:
        return [say("Nothing is wrong with these facts.")]
    lines = [f"{say(f.symptom.title)}: {say.number(f.evidence.n)}" for f in findings[:MOST_FINDINGS]]
    more = len(findings) - MOST_FINDINGS
    return lines if more <= 0 else [*lines, say.plural("and {n} more finding", "and {n} more findings", more)]


def _headline(step: Scored) -> str:
    words = [line.word for line in step.closed.lines]
    return say(
        "{closed}: {met} promises met, {missed} missed. {open}, day {n} of {m}:",
        closed=span_title(step.closed.period, say),
        met=words.count(Word.MET),
        missed=words.count(Word.MISSED),
        open=span_title(step.card.period, say),
        n=step.card.period.n_days_passed,
        m=step.card.period.n_days,
    )


def _promises(card: Scorecard) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold", style="dim")
    for line in card.lines:
        style = STYLES.get(line.word, "dim")
        name = line.title or say(KINDS[line.kind])
        standing = Text(f"{SIGNS[line.word]} {say(WORDS[line.word])}", style=style)
        table.add_row(standing, name, bare(line.actual, line.actual_unit, say), target_words(line, say))
    return table


def _explained(step: Explained) -> list[str]:
    found = step.explanation
    if found is None or not found.clocks:
        return [say("No lead was answered too late.")]
    return [say("Lead {id}", id=found.lead_id) + ": " + found.clocks[0].sentence]


def _published(step: Published) -> list[str]:
    return [str(path.resolve()) for path in step.pages]


def as_answer(directory: Path, steps: list[Step], commands: list[tuple[str, str]]) -> dict[str, Any]:
    """One JSON document of everything the steps found; the whole scorecard comes from `score --json`."""
    answer: dict[str, Any] = {"directory": str(directory.resolve())}
    for step in steps:
        if isinstance(step, Exported):
            exports = step.exports
            answer["exports"] = {name: str(path) for name, path in exports.files.items()}
            answer |= {"agreement": str(exports.agreement), "profile": str(exports.profile), "n_leads": exports.n_leads}
            answer["now"] = exports.exported_at.isoformat().replace("+00:00", "Z")
        elif isinstance(step, Imported):
            answer |= {"facts": str(step.facts), "import": step.receipt.as_json()}
        elif isinstance(step, Checked):
            answer["findings"] = {f.symptom.code: f.evidence.n for f in step.readiness.findings}
        elif isinstance(step, Scored):
            answer["scorecards"] = [_standings(card) for card in (step.card, step.closed)]
        elif isinstance(step, Explained):
            answer["explanation"] = step.explanation.to_json() if step.explanation else None
        else:
            answer["pages"] = [str(path) for path in step.pages]
    answer["next"] = [command for _, command in commands]
    return answer


def _standings(card: Scorecard) -> dict[str, Any]:
    keys = ("id", "party", "kind", "target", "actual", "attainment", "n_met", "n_breached", "n_running", "n_void")
    lines = [{key: getattr(line, key) for key in keys} | {"word": line.word.value} for line in card.lines]
    return {"period": card.period.label, "score": card.total.score, "commitments": lines}
