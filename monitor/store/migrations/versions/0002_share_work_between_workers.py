"""Share work between workers: duties that one process has at a time, and which server answers for a host"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
    )
    op.create_table(
        "server",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_server")),
    )
    op.create_index("ix_server_address", "server", ["address"], unique=False)
    is_leased = sa.text("lease_until IS NOT NULL")
    op.create_index("ix_host_leased", "host", ["lease_until"], sqlite_where=is_leased, postgresql_where=is_leased)
