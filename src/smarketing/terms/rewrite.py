"""A text of an agreement changed to say something else, with its author's remarks wherever that is possible."""

from __future__ import annotations

import re

from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.write_yaml import agreement_yaml

BLOCK = re.compile(r"(?m)^(?=[a-z_]+:)")
REMARKS = re.compile(r"(?:^[ \t]*(?:#.*)?\n)+\Z", re.MULTILINE)  # what stands between a key and the next one


def rewritten(text: str, before: Agreement, after: Agreement) -> str:
    """`text`, which says `before`, so that it says `after`: only the keys whose content differs are written anew.

    Falls back on the plain text of `after` where the old one is not written key by key.
    """
    head, found = _blocks(text)
    wanted = _blocks(agreement_yaml(after))[1]
    kept = {
        key: _with_remarks_of(block, wanted.get(key, "")) if _differs(key, before, after) else block
        for key, block in found.items()
    }
    order = list(found)
    for position, key in enumerate(wanted):
        if key not in kept:
            kept[key] = wanted[key]
            order.insert(_place(order, list(wanted)[:position]), key)
    changed = head + "".join(kept[key] for key in order)
    return changed if _says(changed, after) else agreement_yaml(after)


def _blocks(text: str) -> tuple[str, dict[str, str]]:
    """What stands before the first key, and the lines of each key; a key said twice is no key."""
    head, *rest = BLOCK.split(text if text.endswith("\n") else text + "\n")
    return head, {block.partition(":")[0]: block for block in rest}


def _differs(key: str, before: Agreement, after: Agreement) -> bool:
    return key not in type(after).model_fields or getattr(before, key) != getattr(after, key)


def _with_remarks_of(old: str, new: str) -> str:
    """The new lines of a key, followed by the blank lines and remarks that lead over to the next key."""
    found = REMARKS.search(old)
    return new + (found[0] if found else "")


def _place(order: list[str], earlier: list[str]) -> int:
    """Behind the last of the keys that the document has before it."""
    return max((order.index(key) + 1 for key in earlier if key in order), default=0)


def _says(text: str, wanted: Agreement) -> bool:
    try:
        said = read_agreement_text(text, where="", folder=None)
    except TermsError:
        return False
    return fingerprint(said) == fingerprint(wanted)
