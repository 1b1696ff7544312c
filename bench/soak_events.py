"""What sources tell during a soak, in five forms: alone and in batches, twice, out of order, with contradictions.

Some of it is poison and some is forged. All of it follows from the seed but for the instants, which are
those at which it is sent.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

CRM, HUB, PIPE, ODOO, FORMS = "api", "hub", "pipe", "odoo", "forms"
KINDS = {CRM: "generic", HUB: "hubspot", PIPE: "pipedrive", ODOO: "odoo", FORMS: "flat"}
SHARES = (9, 4, 2, 2, 3)  # of new leads, in the order of KINDS
OWNERS = ("1", "2", "3", "4", "5")
UNOWNED, BATCHED, TWICE, CONTRADICTED, POISON, FORGED, EARLY = 0.05, 0.08, 0.15, 0.05, 0.02, 0.03, 0.15
IN_A_BATCH = 20
FORM = "application/x-www-form-urlencoded"
Event = dict[str, Any]


@dataclass(slots=True)
class Parcel:
    """One request. `leads` are those that it makes known; `of` is the parcel that it repeats."""

    number: int
    src: str
    body: bytes
    content_type: str = "application/json"
    leads: tuple[str, ...] = ()
    is_forged: bool = False
    of: int | None = None


@dataclass
class Stories:
    """Parcels in the order of their times, in seconds since the beginning; `rate` is of new leads a second."""

    seed: int
    rate: float
    began_at: datetime
    planned: list[tuple[float, int, Parcel]] = field(default_factory=list)
    n_parcels: int = 0
    n_leads: int = 0

    def __post_init__(self) -> None:
        self.draw = Random(f"stories {self.seed}")

    def parcels(self) -> Iterator[tuple[float, Parcel]]:
        """Without end."""
        owners = [_told("owner.updated", f"owner-{own}", self.began_at, owner_id=own, name=f"Rep {own}", team="Iberia")
                  for own in OWNERS]  # fmt: skip
        self._plan(0.0, CRM, json.dumps({"events": owners}).encode())
        at_s = 0.0
        while True:
            at_s += self.draw.expovariate(self.rate)
            while self.planned and self.planned[0][0] <= at_s:
                due_s, _, parcel = heapq.heappop(self.planned)
                yield due_s, parcel
            self._begin(at_s)

    def _begin(self, at_s: float) -> None:
        src = self.draw.choices(tuple(KINDS), SHARES)[0]
        if src == CRM and self.draw.random() < BATCHED:
            leads = [self._new(src) for _ in range(IN_A_BATCH)]
            events = [event for lead in leads for event in self._crm(lead, at_s)]
            self.draw.shuffle(events)
            self._plan(at_s, src, json.dumps({"events": events}).encode(), tuple(leads))
            return
        lead = self._new(src)
        {CRM: self._tell_crm, HUB: self._tell_hub, PIPE: self._tell_pipe, ODOO: self._tell_odoo,
         FORMS: self._tell_forms}[src](lead, at_s)  # fmt: skip
        if self.draw.random() < POISON:
            self._plan(at_s, src, json.dumps(self._poison(src, at_s)).encode())

    def _new(self, src: str) -> str:
        self.n_leads += 1
        return f"{src[0].upper()}{self.n_leads}" if src == CRM else str(10_000 + self.n_leads)

    def _at(self, at_s: float) -> datetime:
        return self.began_at + timedelta(seconds=at_s)

    def _owner(self) -> str | None:
        return None if self.draw.random() < UNOWNED else self.draw.choice(OWNERS)

    def _plan(self, at_s: float, src: str, body: bytes, leads: tuple[str, ...] = (), kind: str = "") -> None:
        """To be sent then; perhaps once more later, perhaps forged by a stranger before."""
        parcel = Parcel(self.n_parcels, src, body, kind or "application/json", leads)
        self._keep(at_s, parcel)
        if self.draw.random() < TWICE:
            self._keep(at_s + self.draw.uniform(0, 40), Parcel(0, src, body, parcel.content_type, of=parcel.number))
        if self.draw.random() < FORGED:
            forged = body + b"&forged=1" if kind == FORM else body.replace(b'"', b'"forged ', 1)
            self._keep(at_s, Parcel(0, src, forged, parcel.content_type, is_forged=True))

    def _keep(self, at_s: float, parcel: Parcel) -> None:
        parcel.number, self.n_parcels = self.n_parcels, self.n_parcels + 1
        heapq.heappush(self.planned, (at_s, parcel.number, parcel))

    def _crm(self, lead: str, at_s: float) -> list[Event]:
        """Some events of one lead, the first of which makes it known."""
        at, owner = self._at(at_s), self._owner()
        own = {"owner_id": owner} if owner else {}
        made = _told("lead.created", f"{lead}-made", at, lead_id=lead, channel="web", status="New", **own)
        more = [made]
        if self.draw.random() < 0.6:
            touched = at + timedelta(seconds=self.draw.uniform(1, 20))
            said = {"lead_id": lead, **own, "kind": "call", "direction": "out", "outcome": "no_answer"}
            more.append(_told("touch.logged", f"{lead}-touch", touched, touch_id=f"{lead}-t", **said))
        if self.draw.random() < 0.3:
            more.append(_told("lead.updated", f"{lead}-more", at + timedelta(seconds=2), lead_id=lead, status="Open"))
        return more

    def _tell_crm(self, lead: str, at_s: float) -> None:
        known, *more = self._crm(lead, at_s)
        is_early = self.draw.random() < EARLY  # what comes of a lead is told before the lead is
        self._plan(at_s + (self.draw.uniform(2, 15) if is_early else 0), CRM, json.dumps(known).encode(), (lead,))
        for event in more:
            later_s = self.draw.uniform(0, 90)
            self._plan(at_s + (1 if is_early else later_s), CRM, json.dumps(event).encode())
            if self.draw.random() < CONTRADICTED:
                at = datetime.fromisoformat(event["occurred_at"]) + timedelta(seconds=1)
                column = {"outcome": "connected"} if event["type"] == "touch.logged" else {"status": "Called"}
                other = {**event, "occurred_at": at.isoformat(), "data": event["data"] | column}
                self._plan(at_s + later_s + 1, CRM, json.dumps(other).encode())

    def _tell_hub(self, lead: str, at_s: float) -> None:
        def said(what: str, after_s: float, **more: object) -> Event:
            at = int((self._at(at_s) + timedelta(seconds=after_s)).timestamp() * 1000)
            event = {"eventId": self.draw.randrange(10**9), "portalId": 7, "subscriptionType": what, "objectId": lead}
            return {**event, "occurredAt": at, "attemptNumber": 0, "changeSource": "CRM", **more}

        events = [said("contact.creation", 0)]
        if owner := self._owner():
            change = {"propertyName": "hubspot_owner_id", "propertyValue": owner}
            events.append(said("contact.propertyChange", 0.01, **change))
        stage = {"propertyName": "lifecyclestage", "propertyValue": "marketingqualifiedlead"}
        self._plan(at_s, HUB, json.dumps(events).encode(), (lead,))
        changed = [said("contact.propertyChange", 1, **stage)]
        self._plan(at_s + self.draw.uniform(0, 60), HUB, json.dumps(changed).encode())

    def _tell_pipe(self, lead: str, at_s: float) -> None:
        at = self._at(at_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        meta = {"action": "create", "entity": "lead", "entity_id": lead, "id": f"p-{lead}", "timestamp": at}
        data: Event = {"id": lead, "title": "A lead", "person_id": 1, "add_time": at, "origin": "API"}
        data |= {"owner_id": int(owner)} if (owner := self._owner()) else {}
        self._plan(at_s, PIPE, json.dumps({"meta": meta, "data": data, "previous": None}).encode(), (lead,))

    def _tell_odoo(self, lead: str, at_s: float) -> None:
        at = self._at(at_s).strftime("%Y-%m-%d %H:%M:%S")
        record: Event = {"_model": "crm.lead", "_id": int(lead), "_action": "create", "create_date": at}
        record |= {"user_id": [int(owner), "Rep"]} if (owner := self._owner()) else {}
        self._plan(at_s, ODOO, json.dumps({**record, "write_date": at, "type": "lead"}).encode(), (lead,))
        later_s = self.draw.uniform(2, 60)
        changed = {**record, "write_date": self._at(at_s + later_s).strftime("%Y-%m-%d %H:%M:%S"), "probability": 20}
        self._plan(at_s + later_s, ODOO, json.dumps(changed).encode())

    def _tell_forms(self, lead: str, at_s: float) -> None:
        said = {"Lead ID": lead, "Created at": self._at(at_s).isoformat(), "Lead source": "web"}
        said |= {"Owner ID": owner} if (owner := self._owner()) else {}
        if self.draw.random() < 0.5:
            self._plan(at_s, FORMS, urlencode(said).encode(), (lead,), FORM)
        else:
            self._plan(at_s, FORMS, json.dumps(said).encode(), (lead,))

    def _poison(self, src: str, at_s: float) -> Event | list[Event]:
        """An event that can never become a fact."""
        nonce, at = self.draw.randrange(10**9), self._at(at_s)
        if src == CRM:
            return _told("touch.logged", f"poison-{nonce}", at, touch_id=f"x{nonce}", nonsense="poison")
        if src == HUB:
            return [{"objectId": nonce, "occurredAt": int(at.timestamp() * 1000)}]
        if src == PIPE:
            return {"meta": {"action": "create", "entity": "lead", "entity_id": nonce, "id": f"x{nonce}"}, "data": {}}
        return {"_model": "crm.lead", "nonce": nonce} if src == ODOO else {"nothing": nonce}


def _told(kind: str, name: str, at: datetime, /, **data: object) -> Event:
    return {"id": name, "type": kind, "occurred_at": at.isoformat(), "data": data}
