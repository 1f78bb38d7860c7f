"""Rows that wait to be inserted together: one statement for a batch costs a tenth of one for each row."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Select

from monitor.store.dialect import PerDialect


class Writes:
    """The inserts of one transaction that nothing has asked for yet.

    Whoever reads must ``flush`` before, unless it is certain that none of these rows could be found: new articles are
    only ever found by their key, by an index key of their fingerprint, or by a key of their deals.
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._rows: dict[PerDialect, list[Mapping[str, object]]] = {}
        self._findable: set[str | int] = set()
        self._last: int | None = None

    def add(self, statement: PerDialect, rows: Iterable[Mapping[str, object]]) -> None:
        """Insert *rows* on the next flush."""
        self._rows.setdefault(statement, []).extend(rows)

    def number(self, last: Select[int]) -> int:
        """Return the next number of a row, after the highest that *last* asks for (once)."""
        self._last = (self.conn.scalar(last) or 0 if self._last is None else self._last) + 1
        return self._last

    def name(self, *keys: str | int) -> None:
        """Note under which keys the waiting rows can be found."""
        self._findable.update(keys)

    def flush_for(self, *keys: str | int) -> None:
        """Flush when a row that waits can be found under one of *keys*."""
        if not self._findable.isdisjoint(keys):
            self.flush()

    def flush(self) -> None:
        """Insert all rows that wait."""
        for statement, rows in self._rows.items():
            if rows:
                statement.run(self.conn, rows)
        self._rows.clear()
        self._findable.clear()
