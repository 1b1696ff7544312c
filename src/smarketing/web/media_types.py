"""What kind of file an answer is, where Python's own table does not know it on every machine."""

from __future__ import annotations

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
