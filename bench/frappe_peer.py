"""Frappe's own calculators, cut out of a checkout that the user names; nothing of theirs is kept in this repository.

The two functions are run as they stand, on stand-ins for the few framework functions they call. The stand-ins are
lighter than the real ones and no document is loaded or saved, which is in their favour.
"""

from __future__ import annotations

import ast
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.walkers import Shifts

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
CRM = "crm/fcrm/doctype/crm_service_level_agreement/crm_service_level_agreement.py"
HELPDESK = "helpdesk/helpdesk/doctype/hd_service_level_agreement/hd_service_level_agreement.py"


class FrappeCrm:
    """`calc_elapsed_time` and `calc_time` of Frappe CRM."""

    def __init__(self, checkout: Path, shifts: Shifts) -> None:
        holidays = [SimpleNamespace(date=on) for on in sorted(shifts.holidays)]
        self.document = _document(checkout, CRM, "CRMServiceLevelAgreement", holidays)
        self.document.working_hours = _rows(shifts)

    def elapsed(self, start: datetime, stop: datetime) -> float:
        return float(self.document.calc_elapsed_time(start, stop))

    def due(self, start: datetime, seconds: int) -> datetime:
        return _datetime(self.document.calc_time(start, seconds))


class Helpdesk:
    """The same two functions of Frappe Helpdesk, which were repaired to walk by days."""

    def __init__(self, checkout: Path, shifts: Shifts) -> None:
        holidays = [SimpleNamespace(holiday_date=on) for on in sorted(shifts.holidays)]
        self.document = _document(checkout, HELPDESK, "HDServiceLevelAgreement", holidays)
        self.document.support_and_resolution = _rows(shifts)

    def elapsed(self, start: datetime, stop: datetime) -> float:
        return float(self.document.calc_elapsed_time(start, stop))

    def due(self, start: datetime, seconds: int) -> datetime:
        self.document.priorities = [_Row(priority="Low", response_time=seconds)]
        return _datetime(self.document.calc_time(start, "Low", "response_time"))


class _Row(dict[str, Any]):
    """A row of a document: its fields are keys and attributes."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def _rows(shifts: Shifts) -> list[_Row]:
    opens, closes = (timedelta(hours=at.hour, minutes=at.minute) for at in (shifts.opens, shifts.closes))
    return [_Row(workday=WEEKDAYS[day], start_time=opens, end_time=closes) for day in sorted(shifts.weekdays)]


def _document(checkout: Path, path: str, name: str, holidays: list[SimpleNamespace]) -> Any:
    names: dict[str, Any] = {
        "Document": object,
        "frappe": SimpleNamespace(get_doc=lambda *_: SimpleNamespace(holidays=holidays)),
        "timedelta": timedelta,
        "get_datetime": _datetime,
        "getdate": lambda at: at.date() if isinstance(at, datetime) else at,
        "get_weekdays": lambda: WEEKDAYS,
        "time_diff_in_seconds": lambda a, b: (_datetime(a) - _datetime(b)).total_seconds(),
        "add_to_date": _add,
    }
    beside = str(Path(path).with_name("utils.py"))
    _define(_source(checkout, beside), {"convert_to_seconds"}, names)
    _define(_source(checkout, path), {name}, names)
    document = names[name]()
    document.holiday_list = "holidays"
    return document


def _define(source: str, wanted: set[str], names: dict[str, Any]) -> None:
    """Run only the wanted definitions of a module; its imports would need the whole framework."""
    body = [node for node in ast.parse(source).body if getattr(node, "name", None) in wanted]
    module = ast.Module(body=list(body), type_ignores=[])
    exec(compile(module, "<checkout>", "exec", flags=annotations.compiler_flag, dont_inherit=True), names)


def _source(checkout: Path, path: str) -> str:
    """A file of a checkout, or of its latest commit when `checkout` is a git directory without files."""
    if (checkout / path).is_file():
        return (checkout / path).read_text(encoding="utf-8")
    words = ["git", f"--git-dir={checkout}", "show", f"HEAD:{path}"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def _datetime(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)


def _add(at: Any, days: int = 0, seconds: float = 0, as_datetime: bool = False) -> Any:
    return (_datetime(at) if as_datetime else at) + timedelta(days=days, seconds=seconds)
