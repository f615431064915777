"""An index of words for both databases; vectors as pgvector's on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

from service.store.bm25 import pack
from service.store.fulltext import placed, words_of

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    word = sa.String(length=64)
    op.create_table(
        "word_indexes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_word_indexes_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_indexes")),
        sa.UniqueConstraint("brand_id", name=op.f("uq_word_indexes_brand_id")),
    )
    op.create_table(
        "word_places",
        sa.Column("index_id", sa.Integer(), nullable=False),
        sa.Column(
            "word", word.with_variant(sa.String(64, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["index_id"], ["word_indexes.id"], name=op.f("fk_word_places_index_id")
        ),
        sa.PrimaryKeyConstraint("index_id", "word", "block", name=op.f("pk_word_places")),
    )
    if op.get_context().dialect.name == "postgresql":
        _vectors_as_halves()
    else:
        _index_what_is_there()
        op.drop_table("search_text")


def _vectors_as_halves() -> None:
    """Before this revision there was no store on PostgreSQL: nothing is lost."""
    op.drop_column("search_entries", "vector")
    op.execute("ALTER TABLE search_entries ADD COLUMN vector halfvec NOT NULL")


def _index_what_is_there() -> None:
    bind = op.get_bind()
    brands = bind.execute(sa.text("SELECT DISTINCT brand_id FROM search_entries")).scalars().all()
    for number, brand in enumerate(brands, start=1):
        rows = bind.execute(
            sa.text("SELECT id, text FROM search_entries WHERE brand_id = :brand"), {"brand": brand}
        )
        said = {row.id: words for row in rows if (words := words_of(row.text))}
        bind.execute(
            sa.text("INSERT INTO word_indexes VALUES (:n, :brand, :entries, :words)"),
            {
                "n": number,
                "brand": brand,
                "entries": len(said),
                "words": sum(map(len, said.values())),
            },
        )
        places = [
            {
                "n": number,
                "word": word,
                "block": block,
                "entries": len(found),
                "places": pack(found),
            }
            for (word, block), found in placed(said).items()
        ]
        bind.execute(
            sa.text("INSERT INTO word_places VALUES (:n, :word, :block, :entries, :places)"), places
        )


def downgrade() -> None:
    raise NotImplementedError("restore the copy that you made before the upgrade")
