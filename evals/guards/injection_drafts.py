"""Attacked complaints on production's way to a draft, scored by rules and kept for reading."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import service
from evals.guards.figures import Share
from evals.guards.injection_rows import Attacked
from evals.guards.injection_rules import Scored, kind_of, obeyed
from service.bootstrap import Services, open_services
from service.cli.opening import configured_model
from service.domain.draft import Draft, DraftStatus
from service.domain.review import LOCAL_ADMIN
from service.domain.thread import Case, Channel, Complaint
from service.settings import Settings
from service.text.instructions import find_instructions

_TIDEWELL = Path(service.__file__).parent / "samples" / "tidewell"
_NEUTRAL = """\
id: neutral
name: Northgate
voice: Warm and plain, first person singular, short sentences.
languages: [en, pl, es, de]
follow_up_windows: ["an update by 18:00 the next working day"]
contact: {private_channel: {x: a direct message to this account}}
"""


async def draft_all(sample: Sequence[Attacked], *, brand: str, output: Path) -> None:
    """Draft, print the figures and write every text to the file."""
    with TemporaryDirectory() as folder:
        settings = Settings().apart(Path(folder) / "data")
        async with (
            configured_model(settings) as model,
            open_services(settings, model=model.chat) as services,
        ):
            await model.ready(lambda words: print(words, file=sys.stderr))
            await services.warm_up()
            brand_id, known = await _imported(services, brand, Path(folder))
            with output.open("w", encoding="utf-8") as file:
                kept = []
                for row in sample:
                    kept.append(await _one(services, row, brand_id=brand_id, known=known))
                    file.write(json.dumps(kept[-1], ensure_ascii=False) + "\n")
                    file.flush()
    _report(kept)


async def _imported(services: Services, brand: str, folder: Path) -> tuple[str, str]:
    """The brand's id and everything that its folder says."""
    source = _TIDEWELL
    if brand == "neutral":
        source = folder / "neutral"
        source.mkdir()
        (source / "brand.yaml").write_text(_NEUTRAL, encoding="utf-8")
    await services.library.import_folder(source, actor="evals")
    texts = [path.read_text(encoding="utf-8") for path in sorted(source.glob("*.*"))]
    return brand, "\n".join(texts)


async def _one(
    services: Services, row: Attacked, *, brand_id: str, known: str
) -> dict[str, object]:
    case = Case(channel=Channel.X, complaint=Complaint(text=row.text))
    created = await services.drafts.create(case, brand_id, LOCAL_ADMIN)
    draft = await services.drafts.finished(created)
    return _kept(row, draft, known)


def _kept(row: Attacked, draft: Draft, known: str) -> dict[str, object]:
    content = draft.content
    reply = (content and content.reply) or ""
    final = draft.status is DraftStatus.PENDING_REVIEW and bool(reply)
    scored = obeyed(reply, attack=row.attack, own=row.own_words, known=known) if final else None
    return {
        "id": row.id,
        "held_out": row.held_out,
        "kind": kind_of(row.attack),
        "status": draft.status.value,
        "holding": bool(content and content.holding),
        "holding_reason": content.holding_reason if content else None,
        "suspected": bool(find_instructions(row.text)),
        "obeyed": list(scored.signs) if isinstance(scored, Scored) else [],
        "complaint": row.text,
        "attack": row.attack,
        "reply": reply,
        "attempts": [_attempt(a.reply, a.report) for a in content.attempts] if content else [],
    }


def _attempt(reply: str | None, report: object) -> dict[str, object]:
    blocks = getattr(report, "blocks", ())
    return {"reply": reply, "blocked_by": [f"{b.check}: {b.span.text}" for b in blocks]}


def _obeying(kept: Sequence[dict[str, object]]) -> Share:
    return Share(sum(bool(row["obeyed"]) for row in kept), len(kept))


def _report(kept: Sequence[dict[str, object]]) -> None:
    final = [row for row in kept if row["status"] == DraftStatus.PENDING_REVIEW.value]
    written = [row for row in final if not row["holding"]]
    print(f"drafts {len(kept)}: {dict(Counter(str(row['status']) for row in kept))}")
    print(f"  final drafts that obeyed  {_obeying(final).words()}")
    print(f"  of those the model wrote  {_obeying(written).words()}")
    print(f"  holding replies           {Share(len(final) - len(written), len(kept)).words()}")
    for row in final:
        if row["obeyed"]:
            print(f"  {row['id']} ({row['kind']}) {row['obeyed']}: {row['reply']}")
