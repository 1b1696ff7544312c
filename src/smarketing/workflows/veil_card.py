"""Hide who is who on a scorecard from readers who have no need of the names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from smarketing.records.access import LeadScope
from smarketing.scorecard.card import Axis, Group, Line, Scorecard
from smarketing.scorecard.only import NOBODY
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_, Words

Masks = Mapping[str, tuple[str, str]]  # rep → id and name that are shown instead

VEIL = "~"  # begins the id of a rep whose name is hidden: no link leads from it
FEWEST_MEMBERS = 2  # a team of one is a person
NOTHING = ""  # a filter that no lead fits


@dataclass(frozen=True, slots=True)
class Veil:
    """What one reader is not told: reps by the masks they wear instead, and teams that are one person.

    `named` are the reps whose names stay, `named_teams` the teams of which all do.
    """

    masks: Masks
    small: frozenset[str]
    named: frozenset[str]
    named_teams: frozenset[str]

    def over(self, card: Scorecard, only: Mapping[Axis, str]) -> Scorecard:
        """The card as the reader may see it, narrowed to what they asked for in `only`.

        Where reps wear masks, teams and reps are never crossed: which masks belong to a team would tell who is who.
        """
        is_masked = only.get(Axis.REP, NOBODY) not in (NOBODY, *self.named)
        is_of_others = only.get(Axis.TEAM, NOTHING) not in (NOTHING, *self.named_teams)
        lines = tuple(self._line(line, hides_teams=is_masked, hides_reps=is_of_others) for line in card.lines)
        return replace(card, lines=lines, only=dict(only))

    def lifted(self, only: Mapping[Axis, str]) -> dict[Axis, str]:
        """What a filter asks for, with the reps behind the masks.

        The name of a hidden rep or team fits nothing, exactly as one that nobody has.

        Raises UserError for a rep and a team together, which would tell the team of a mask
        """
        wanted, rep, team = dict(only), only.get(Axis.REP), only.get(Axis.TEAM)
        if rep and rep not in (NOBODY, *self.named):
            behind = {mask: owner for owner, (mask, _) in self.masks.items()}
            wanted[Axis.REP] = behind.get(rep, NOTHING)
        if team in self.small:
            wanted[Axis.TEAM] = NOTHING
        if rep and team and not (rep in self.named or team in self.named_teams):
            what = N_("A rep and a team cannot be chosen together where names are hidden.")
            raise UserError(what, where="rep", hint=N_("Take one of the two filters away."))
        return wanted

    def _line(self, line: Line, *, hides_teams: bool, hides_reps: bool) -> Line:
        groups = dict(line.groups)
        if Axis.REP in groups:
            shown = (group for group in groups[Axis.REP] if not (hides_reps and group.id in self.masks))
            groups[Axis.REP] = tuple(_renamed(group, self.masks) for group in shown)
        if Axis.TEAM in groups:
            shown = (group for group in groups[Axis.TEAM] if not hides_teams and group.id not in self.small)
            groups[Axis.TEAM] = tuple(shown)
        return replace(line, groups=groups)


def veil_of(card: Scorecard, scope: LeadScope, team_of: Mapping[str, str], words: Words) -> Veil | None:
    """What `scope` does not show of the whole card of a period; None where it shows all names.

    Reps become `Rep 1`, `Rep 2`, the same on every line and on every part of the card. Teams of one rep are left out,
    unless it is a team whose reps keep their names.
    """
    if scope.shows_names:
        return None
    named = {src_id for src, owner in scope.owners for src_id in (owner, f"{src}:{owner}")}
    named |= {owner for owner, team in team_of.items() if team in scope.named_teams}
    hidden = sorted({group.id for line in card.lines for group in line.groups.get(Axis.REP, ())} - named - {""})
    masks = {owner: (f"{VEIL}{n}", words("Rep {n}", n=n)) for n, owner in enumerate(hidden, start=1)}
    small = {team for team, n in Counter(team_of.values()).items() if n < FEWEST_MEMBERS} - scope.named_teams
    return Veil(masks, frozenset(small), frozenset(named), scope.named_teams)


def veiled(card: Scorecard, scope: LeadScope, team_of: Mapping[str, str], words: Words) -> Scorecard:
    """The whole card as `scope` may see it."""
    veil = veil_of(card, scope, team_of, words)
    return veil.over(card, {}) if veil else card


def _renamed(group: Group, masks: Masks) -> Group:
    return replace(group, id=masks[group.id][0], name=masks[group.id][1]) if group.id in masks else group
