"""Run by Alembic: applies migrations on the connection that ``monitor.store.migrating`` hands over."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from monitor.store.tables import Instant, metadata


def _render(kind: str, value: object, _: object) -> str | Literal[False]:
    return "sa.BigInteger()" if kind == "type" and isinstance(value, Instant) else False


def _is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith("search"))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_render,
        include_object=_is_ours,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


if hasattr(context, "config"):  # only while Alembic runs; anyone may import this file
    _run(context.config.attributes["connection"])
