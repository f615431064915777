"""Which post a post replies to, where it can be looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_messages = sa.table(
    "messages", sa.column("in_reply_to", sa.String(200)), sa.column("details", sa.JSON)
)


def upgrade() -> None:
    """A column of its own, filled from what was kept beside the post."""
    op.add_column("messages", sa.Column("in_reply_to", sa.String(length=200)))
    told = _messages.c.details["in_reply_to"].as_string()
    op.execute(_messages.update().where(told.is_not(None)).values(in_reply_to=told))
    op.create_index("ix_messages_replies", "messages", ["brand_id", "in_reply_to"])


def downgrade() -> None:
    """What was kept beside the post is there still."""
    op.drop_index("ix_messages_replies", "messages")
    op.drop_column("messages", "in_reply_to")
