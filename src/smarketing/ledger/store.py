"""`Facts` is what workflows are given: facts at rest, opened, wherever they rest.

A Folder is its own truth. The Ledger is a folder that mirrors the database: it is read in the same way, and what is
merged into it goes to the database first.
"""

from __future__ import annotations

from smarketing.ledger.folder import Folder, Prepared

__all__ = ["Facts", "Prepared"]

Facts = Folder
