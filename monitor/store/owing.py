"""What is owed once a decision is made: an alert for the ledgers, a message now, an edit soon."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, bindparam, select, update

from monitor.model import Alert, AlertKind, Decision, DeliveryId, DeliveryState, StoryId, When
from monitor.store import tables as t
from monitor.store.dialect import built, insert_new, listed_names, names
from monitor.store.writes import Writes

EDIT_AFTER = timedelta(seconds=45)
"""Later tellings wait this long and then edit the sent message together: a release is retold in bursts."""

STORY_KINDS = tuple(each.value for each in AlertKind)
"""Kinds of deliveries that show a story, and change with it; a note is said once."""
OUTLETS = "outlets"
"""Kind of the list of a story's outlets below its message: it is owed once and changes with the story, too."""
LIVING_KINDS = (*STORY_KINDS, OUTLETS)
_NEW_ALERT = insert_new(t.alert)
_NEW_DELIVERY = insert_new(t.delivery)


def edit_soon(conn: Connection, stories: Sequence[StoryId], now: datetime) -> None:
    """Let the sent messages of stories be edited after a quiet time, which a later change does not lengthen."""
    if stories:
        conn.execute(built(conn, _edit_soon), {"asked": names(conn, stories), "soon": now + EDIT_AFTER})


def _edit_soon(conn: Connection) -> Update:
    asked, story = listed_names(conn, "asked")
    delivery = t.delivery.c
    is_shown = (
        delivery.story_id.in_(select(story).select_from(asked)),
        delivery.state == DeliveryState.SENT.value,
        delivery.edit_at.is_(None),
        delivery.kind.in_(LIVING_KINDS),
    )
    return update(t.delivery).where(*is_shown).values(edit_at=bindparam("soon", type_=t.Instant))


def owe_alerts(writes: Writes, decision: Decision, now: datetime) -> None:
    """Owe the decided alerts: every one for the digest's ledger, those for now as a delivery, too. Never twice."""
    alerts = decision.alerts
    writes.add(_NEW_ALERT, [_alert_row(each, decision.story, now) for each in alerts])
    due = [each for each in alerts if each.when is not When.DIGEST]
    writes.add(_NEW_DELIVERY, [_delivery_row(each, decision.story, now) for each in due])


def _alert_row(alert: Alert, story: StoryId, now: datetime) -> dict[str, object]:
    stage = alert.stage.value if alert.stage else ""
    return {
        "story_id": story, "receiver": alert.receiver, "kind": alert.kind.value, "stage": stage,
        "when": alert.when.value, "at": now,
    }  # fmt: skip


def _delivery_row(alert: Alert, story: StoryId, now: datetime) -> dict[str, object]:
    stage = alert.stage.value if alert.stage else None
    return {
        "id": delivery_id(alert.receiver, alert.kind.value, story, stage or ""), "receiver": alert.receiver,
        "kind": alert.kind.value, "state": DeliveryState.OWED.value, "tries": 0, "created_at": now,
        "next_try_at": now, "story_id": story, "stage": stage, "revision": 0,
    }  # fmt: skip


def delivery_id(receiver: str, kind: str, *about: str) -> DeliveryId:
    """Return the id of a delivery, from its content; the first letter is the version."""
    content = "\x1f".join((receiver, kind, *about))
    return DeliveryId("d" + hashlib.blake2b(content.encode(), digest_size=12).hexdigest())
