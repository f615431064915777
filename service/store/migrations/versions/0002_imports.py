"""Questions that lead to a passage, kinds of past replies, why a draft is stale, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("policy_passages", sa.Column("asks", sa.JSON(), nullable=True))
    op.add_column("past_replies", sa.Column("kind", sa.String(length=32), nullable=True))
    op.add_column("drafts", sa.Column("stale_reason", sa.String(length=400), nullable=True))
    op.create_table(
        "finished_vectors",
        sa.Column("embedding_model", sa.String(length=200), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("embedding_model", "text_hash", name=op.f("pk_finished_vectors")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_imports_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )


def downgrade() -> None:
    op.drop_table("imports")
    op.drop_table("finished_vectors")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_column("stale_reason")
    with op.batch_alter_table("past_replies", schema=None) as batch_op:
        batch_op.drop_column("kind")
    with op.batch_alter_table("policy_passages", schema=None) as batch_op:
        batch_op.drop_column("asks")
