"""What only one process does at a time: the lane of a receiver, the nightly pruning. A row is the lock.

A duty is held until an instant and renewed before it. Whoever holds it and dies, freezes or loses the database, loses
it by that instant, without anybody having to notice.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update

from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import insert_new

_NEW = insert_new(t.duty)


class Duties(Desk):
    """Who does what."""

    async def hold_duty(self, name: str, now: datetime, until: datetime) -> bool:
        """Take or keep the duty *name* until *until*; False while another process holds it.

        Asking is free of writes while somebody else holds it, so that a fleet may ask every second.
        """
        if self._db.is_exclusive:  # whoever else held it is dead
            return True
        if not await self._db.read(lambda conn: self._is_free(conn, name, now)):
            return False
        return await self._db.write(lambda conn: self._hold(conn, name, now, until))

    async def drop_duty(self, name: str, now: datetime) -> None:
        """Let another process have the duty at once; nothing happens when it is not ours."""
        mine = update(t.duty).where(t.duty.c.name == name, t.duty.c.owner == self._instance)
        await self._db.write(lambda conn: conn.execute(mine.values(until=now)) and None)

    def _is_free(self, conn: Connection, name: str, now: datetime) -> bool:
        held = select(t.duty.c.name).where(t.duty.c.name == name, ~self._can_take(now))
        return conn.execute(held).first() is None

    def _hold(self, conn: Connection, name: str, now: datetime, until: datetime) -> bool:
        if conn.execute(_NEW.on(conn), {"name": name, "owner": self._instance, "until": until}).rowcount == 1:
            return True
        taken = update(t.duty).where(t.duty.c.name == name, self._can_take(now))
        return bool(conn.execute(taken.values(owner=self._instance, until=until)).rowcount)

    def _can_take(self, now: datetime) -> ColumnElement[bool]:
        return or_(t.duty.c.owner == self._instance, t.duty.c.until <= now)
