"""What a request with a key led to may be a thread, whose id is longer than ours."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """SQLite cannot change a column, so it makes the table anew."""
    with op.batch_alter_table("idempotency_keys") as batch:
        batch.alter_column(
            "subject",
            existing_type=sa.String(length=64),
            type_=sa.String(length=200),
            existing_nullable=False,
        )


def downgrade() -> None:
    """The wider column holds all that the narrower one did."""
