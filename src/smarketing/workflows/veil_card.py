"""Hide who is who on a scorecard from readers who have no need of the names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from smarketing.records.access import LeadScope
from smarketing.scorecard.card import Axis, Group, Line, Scorecard
from smarketing.terms.language import Words

Masks = Mapping[str, tuple[str, str]]  # rep → id and name that are shown instead

VEIL = "~"  # begins the id of a rep whose name is hidden: no link leads from it
FEWEST_MEMBERS = 2  # a team of one is a person


def veiled(card: Scorecard, scope: LeadScope, team_of: Mapping[str, str], words: Words) -> Scorecard:
    """The card with `Rep 1`, `Rep 2` for reps whose names `scope` does not show, the same on every line.

    Teams of one rep are left out then, unless it is a team whose reps keep their names.
    """
    if scope.shows_names:
        return card
    named = {src_id for src, owner in scope.owners for src_id in (owner, f"{src}:{owner}")}
    named |= {owner for owner, team in team_of.items() if team in scope.named_teams}
    hidden = sorted({group.id for line in card.lines for group in line.groups.get(Axis.REP, ())} - named - {""})
    masks = {owner: (f"{VEIL}{n}", words("Rep {n}", n=n)) for n, owner in enumerate(hidden, start=1)}
    small = {team for team, n in Counter(team_of.values()).items() if n < FEWEST_MEMBERS} - scope.named_teams
    return replace(card, lines=tuple(_veiled(line, masks, small) for line in card.lines))


def _veiled(line: Line, masks: Masks, small: set[str]) -> Line:
    groups = dict(line.groups)
    if Axis.REP in groups:
        groups[Axis.REP] = tuple(_renamed(group, masks) for group in groups[Axis.REP])
    if Axis.TEAM in groups:
        groups[Axis.TEAM] = tuple(group for group in groups[Axis.TEAM] if group.id not in small)
    return replace(line, groups=groups)


def _renamed(group: Group, masks: Masks) -> Group:
    key, name = masks.get(group.id, (group.id, group.name))
    return replace(group, id=key, name=name)
