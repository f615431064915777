"""The conversation around a draft: whom it waits for, what was promised, closed and learnt."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WAITING = sa.text("status IN ('pending_review', 'blocked', 'failed', 'stale', 'escalated')")
_STATUSES = (
    "status IN ('drafting', 'pending_review', 'blocked', 'failed', 'approved', 'rejected', "
    "'escalated', 'ignored', 'stale', 'superseded')"
)
_KINDS = "json_extract(content, '$.triage.kind')", "content->'triage'->>'kind'"
_LANGUAGES = "json_extract(content, '$.language')", "content->>'language'"
_CLASSES = (
    "json_extract(content, '$.triage.deadline_class')",
    "content->'triage'->>'deadline_class'",
)
_MODELS = "json_extract(content, '$.provenance.model')", "content->'provenance'->>'model'"
_PROMPTS = (
    "json_extract(content, '$.provenance.prompt.name') || '@' || "
    "json_extract(content, '$.provenance.prompt.version')",
    "content#>>'{provenance,prompt,name}' || '@' || (content#>>'{provenance,prompt,version}')",
)
_UNASKED = "json_extract(request, '$.resolved') IS NOT NULL", "request->>'resolved' IS NOT NULL"
_MOVES = "json_extract(content, '$.move.kind')", "content->'move'->>'kind'"
_HOLDING = "json_extract(content, '$.holding')", "(content->>'holding')::boolean"
_VERDICTS = "json_extract(content, '$.checks.verdict')", "content->'checks'->>'verdict'"


def upgrade() -> None:
    _threads()
    _statuses()
    _drafts()
    _reported()
    _commitments()
    _new_tables()


def downgrade() -> None:
    raise NotImplementedError("restore the copy that you made before the upgrade")


def _threads() -> None:
    op.add_column("threads", sa.Column("resolved_at", sa.DateTime()))
    op.add_column("threads", sa.Column("resolved_by", sa.String(length=200)))
    op.add_column("threads", sa.Column("closed_at", sa.DateTime()))
    op.create_index("ix_threads_resolved", "threads", ["brand_id", "resolved_at"])
    op.create_index("ix_messages_external", "messages", ["brand_id", "external_id"])


def _statuses() -> None:
    """One more; SQLite cannot change a check, so it makes the table anew."""
    name = op.f("ck_drafts_status")
    with op.batch_alter_table("drafts") as batch:
        if op.get_bind().dialect.name == "postgresql":
            batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(_STATUSES))


def _drafts() -> None:
    op.add_column("drafts", sa.Column("kind", sa.String(length=16)))
    op.add_column("drafts", sa.Column("language", sa.String(length=8)))
    op.add_column("drafts", sa.Column("rank", sa.Integer(), nullable=False, server_default="3"))
    op.add_column("drafts", sa.Column("assignee", sa.String(length=200)))
    op.add_column("drafts", sa.Column("asked_at", sa.DateTime()))
    op.add_column("drafts", sa.Column("decided_at", sa.DateTime()))
    op.add_column("drafts", sa.Column("edit_share", sa.Float()))
    here = int(op.get_bind().dialect.name == "postgresql")
    op.execute(
        f"UPDATE drafts SET kind = {_KINDS[here]}, language = {_LANGUAGES[here]}, "  # noqa: S608
        "asked_at = created_at WHERE content IS NOT NULL"
    )
    op.execute(
        "UPDATE drafts SET decided_at = (SELECT max(decided_at) FROM decisions "
        "WHERE draft_id = drafts.id AND decision <> 'edit') WHERE decided_by IS NOT NULL"
    )
    op.create_index("ix_drafts_answered", "drafts", ["brand_id", "decided_at"])
    order, filters = ["rank", "deadline_at", "id"], ["status", "assignee", "kind", "language"]
    for name, columns in (
        ("ix_drafts_waiting", ["brand_id", *order, *filters]),
        ("ix_drafts_waiting_all", [*order, "brand_id", *filters]),
    ):
        op.create_index(name, "drafts", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)


def _reported() -> None:
    """What reports ask of a draft, beside its long texts."""
    op.add_column(
        "drafts", sa.Column("unasked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("drafts", sa.Column("sentiment", sa.String(length=16)))
    op.add_column("drafts", sa.Column("deadline_class", sa.String(length=8)))
    op.add_column("drafts", sa.Column("came_as", sa.String(length=16)))
    op.add_column("drafts", sa.Column("prompt", sa.String(length=200)))
    op.add_column("drafts", sa.Column("model", sa.String(length=200)))
    here = int(op.get_bind().dialect.name == "postgresql")
    op.execute(
        f"UPDATE drafts SET asked_at = coalesce(asked_at, created_at), unasked = {_UNASKED[here]}"  # noqa: S608
    )
    op.execute(
        f"UPDATE drafts SET deadline_class = {_CLASSES[here]}, model = {_MODELS[here]}, "  # noqa: S608
        f"prompt = {_PROMPTS[here]}, came_as = CASE WHEN {_MOVES[here]} = 'no_reply' "
        f"THEN 'no_reply' WHEN {_HOLDING[here]} THEN 'holding' WHEN {_VERDICTS[here]} = 'block' "
        "THEN 'blocked' ELSE 'reply' END WHERE content IS NOT NULL"
    )
    op.execute("UPDATE drafts SET edit_share = 0 WHERE status = 'approved' AND edited_by IS NULL")
    said = ["author", "posted_at", "created_at", "position"]
    op.create_index("ix_messages_said", "messages", ["brand_id", "thread_id", *said])
    of_thread = ["asked_at", "created_at", "id", "unasked", "status", "decided_at"]
    op.drop_index("ix_drafts_thread", "drafts")
    op.create_index("ix_drafts_thread", "drafts", ["brand_id", "thread_id", *of_thread])
    asked = ["asked_at", "thread_id", "id", "created_at", "unasked", "status", "kind", "language"]
    more = ["sentiment", "deadline_class", "deadline_at", "came_as", "prompt", "model"]
    edited = ["edit_share", "edited_by"]
    op.create_index("ix_drafts_asked", "drafts", ["brand_id", *asked, *more, *edited])


def _commitments() -> None:
    op.add_column("commitments", sa.Column("note", sa.Text()))
    op.add_column("commitments", sa.Column("closed_by", sa.String(length=200)))
    op.add_column("commitments", sa.Column("closed_at", sa.DateTime()))
    op.add_column("commitments", sa.Column("follow_up_draft_id", sa.String(length=64)))
    op.add_column("commitments", sa.Column("promised_at", sa.DateTime()))
    op.add_column("commitments", sa.Column("wakes_at", sa.DateTime()))
    op.add_column(
        "commitments", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.create_index("ix_commitments_thread", "commitments", ["brand_id", "thread_id"])
    op.create_index("ix_commitments_waking", "commitments", ["status", "wakes_at"])
    op.execute("UPDATE commitments SET promised_at = created_at")
    # What was due before anybody could follow it up stays in the list and wakes nobody.
    later = sa.text("UPDATE commitments SET wakes_at = due_at WHERE due_at > :now")
    now = datetime.now(UTC).replace(tzinfo=None)
    op.execute(later.bindparams(sa.bindparam("now", now, sa.DateTime())))


def _brand() -> sa.Column[str]:
    return sa.Column("brand_id", sa.String(length=64), sa.ForeignKey("brands.id"), nullable=False)


def _draft(*, primary: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("drafts.id")
    return sa.Column("draft_id", sa.String(length=64), key, primary_key=primary, nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _new_tables() -> None:
    op.create_table(
        "notices",
        sa.Column("subject", sa.String(length=64), primary_key=True),
        sa.Column("what", sa.String(length=64), primary_key=True),
        _brand(),
        _time("at"),
    )
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.String(length=64), primary_key=True),
        _brand(),
        _draft(),
        sa.Column("from_person", sa.String(length=200)),
        sa.Column("to_person", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text()),
        _time("at"),
    )
    op.create_index("ix_hand_overs_draft", "hand_overs", ["draft_id"])
    _style_notes()
    _example_marks()
    _early_deletions()


def _style_notes() -> None:
    op.create_table(
        "style_notes",
        sa.Column("id", sa.String(length=64), primary_key=True),
        _brand(),
        sa.Column("edit_kind", sa.String(length=32), nullable=False),
        sa.Column("sign", sa.String(length=32)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8)),
        sa.Column("channel", sa.String(length=32)),
        sa.Column("kind", sa.String(length=16)),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("drafts", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=200)),
        _time("decided_at", nullable=True),
        _time("expires_at", nullable=True),
        _time("created_at"),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'declined', 'retired')",
            name=op.f("ck_style_notes_status"),
        ),
    )
    op.create_index("ix_style_notes_brand", "style_notes", ["brand_id", "status"])


def _example_marks() -> None:
    op.create_table(
        "example_marks",
        _draft(primary=True),
        _brand(),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("example", sa.JSON(), nullable=False),
        sa.Column("twin_of", sa.String(length=200)),
        sa.Column("marked_by", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.String(length=200)),
        _time("decided_at", nullable=True),
        _time("created_at"),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'declined')", name=op.f("ck_example_marks_status")
        ),
    )
    op.create_index("ix_example_marks_brand", "example_marks", ["brand_id", "status"])


def _early_deletions() -> None:
    op.create_table(
        "early_deletions",
        sa.Column("scope", sa.String(length=64), primary_key=True),
        sa.Column("external_id", sa.String(length=200), primary_key=True),
        _time("at"),
    )
    op.create_index("ix_early_deletions_at", "early_deletions", ["at"])
