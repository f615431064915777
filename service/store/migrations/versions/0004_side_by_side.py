"""Two embedding models' entries side by side, of which a brand is searched by one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("brands", sa.Column("indexed_under", sa.String(length=200)))
    op.execute(
        "UPDATE brands SET indexed_under = "
        "(SELECT min(embedding_model) FROM search_entries WHERE brand_id = brands.id)"
    )
    op.add_column("search_entries", sa.Column("words_at", sa.Integer()))
    op.create_index(
        "ix_search_entries_group", "search_entries", ["brand_id", "source", "embedding_model"]
    )
    op.create_index("ix_search_entries_words_at", "search_entries", ["words_at"])
    op.drop_index("ix_search_entries_source", "search_entries")


def downgrade() -> None:
    raise NotImplementedError("restore the copy that you made before the upgrade")
