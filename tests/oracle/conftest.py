"""Says at the end of pytest's report how many published time cases passed, kind by kind."""

from __future__ import annotations

import pytest

from smarketing.terms.zones import tzdb_version


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, ())]
    runs = [
        value for report in reports for name, value in getattr(report, "user_properties", ()) if name == "time_cases"
    ]
    if not runs:
        return
    terminalreporter.section(f"time cases passed, time zone database {tzdb_version()}")
    for run in sorted(runs, key=lambda run: run["file"]):
        passed, total = (sum(count[k] for count in run["counts"].values()) for k in (0, 1))
        kinds = ", ".join(f"{kind} {count[0]}/{count[1]}" for kind, count in sorted(run["counts"].items()))
        terminalreporter.write_line(f"{run['file']}: {passed}/{total} ({kinds})")
