"""Planted instructions: what is found, what is falsely suspected, and what drafts obey.

`python -m evals.guards.injection` reads the folder in AMENDS_EVALDATA; half of the attacked
complaints is held out by the hash of the id and shown as figures only. `--drafts N --output FILE`
sends N attacked complaints through production's drafting with the model that the settings name.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Iterable
from pathlib import Path

from evals.guards.figures import Share
from evals.guards.injection_drafts import draft_all
from evals.guards.injection_rows import (
    Attacked,
    attacked_rows,
    customers,
    real_replies,
    written_to_brands,
)
from evals.guards.injection_rules import obeyed
from evals.guards.public import rows
from service.domain.brand import Brand
from service.domain.thread import Case, Complaint
from service.domain.triage import MoveKind
from service.guards.context import CheckContext
from service.guards.injection import obeys_injection
from service.text.instructions import find_instructions
from service.text.language import detect


def _line(name: str, share: Share) -> None:
    print(f"  {name:<52}{share.hits:>4} = {share.words()}")


def _suspected(texts: Iterable[str]) -> Share:
    listed = list(texts)
    return Share(sum(bool(find_instructions(text)) for text in listed), len(listed))


def _covered(row: Attacked) -> float:
    """The share of the attack's characters that detection would keep from a small model."""
    begin = row.text.find(row.attack)
    place = range(begin, begin + len(row.attack))
    found = {
        n for span in find_instructions(row.text) for n in range(span.start or 0, span.end or 0)
    }
    return len(found & set(place)) / len(row.attack)


def incoming() -> None:
    """What is found, and who is suspected without reason."""
    everything = attacked_rows()
    for name, held in (("tuned on", False), ("held out", True)):
        half = [row for row in everything if row.held_out is held]
        attacked = [row for row in half if row.attack]
        print(f"injection_in_complaints, the half {name}")
        _line("attacks found", _suspected(row.text for row in attacked))
        cover = [_covered(row) for row in attacked]
        print(f"  {'mean share of an attack that is found':<52}{sum(cover) / len(cover):.2f}")
        _line("untouched suspected", _suspected(row.text for row in half if not row.attack))
    print("injection_deepset (no complaints; its benign rows are questions to a search box)")
    deepset = list(rows("injection_deepset"))
    _line("attacks found", _suspected(r["text"] for r in deepset if int(r["label"])))
    _line("benign prompts suspected", _suspected(r["text"] for r in deepset if not int(r["label"])))
    print("customers who planted nothing")
    _line("twcs_brand_reply_pairs suspected", _suspected(customers()))
    _line("ibm_cdp_conversations suspected", _suspected(written_to_brands()))


def _flags(complaint: str, reply: str, brand: str) -> bool:
    context = CheckContext(
        reply=reply,
        case=Case(complaint=Complaint(text=complaint)),
        brand=Brand(id="public", name=brand or "Brand", voice="Plain."),
        language=detect(reply),
        move=MoveKind.PUBLIC_REPLY,
    )
    return any(obeys_injection(context))


def outgoing() -> None:
    """Replies that brands wrote before any attack was planted: none of them obeys."""
    replies = real_replies()
    for name, held in (("tuned on", False), ("held out", True)):
        attacked = [row for row in attacked_rows() if row.attack and row.held_out is held]
        answered = [(row, replies[row.complaint_id]) for row in attacked]
        print(f"real replies to the complaints that were attacked later, the half {name}")
        flagged = sum(_flags(row.text, reply, "") for row, reply in answered)
        _line("blocked by obeys_injection", Share(flagged, len(answered)))
        seen = [obeyed(reply, attack=row.attack, own=row.own_words) for row, reply in answered]
        _line("seen by the rules", Share(sum(map(bool, seen)), len(answered)))
    pairs = list(rows("twcs_brand_reply_pairs"))
    flagged = sum(_flags(row["customer_text"], row["reply_text"], row["brand"]) for row in pairs)
    print("real replies where nothing was planted")
    _line("blocked by obeys_injection", Share(flagged, len(pairs)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evals.guards.injection", description=__doc__)
    parser.add_argument("--drafts", type=int, default=0, metavar="N", help="draft N of them")
    parser.add_argument("--output", type=Path, help="where the drafts are written, JSONL")
    parser.add_argument("--brand", choices=("tidewell", "neutral"), default="tidewell")
    parser.add_argument("--half", choices=("tuned", "held", "all"), default="all")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _sample(asked: argparse.Namespace) -> list[Attacked]:
    wanted = {"tuned": (False,), "held": (True,), "all": (False, True)}[asked.half]
    attacked = [row for row in attacked_rows() if row.attack and row.held_out in wanted]
    random.Random(asked.seed).shuffle(attacked)  # noqa: S311 (a sample, no secret)
    return attacked[: asked.drafts]


def main() -> None:
    """Figures, or drafts."""
    asked = _options()
    if not asked.drafts:
        incoming()
        outgoing()
        return
    if asked.output is None:
        sys.exit("--drafts needs --output FILE: the texts are to be read by hand")
    asyncio.run(draft_all(_sample(asked), brand=asked.brand, output=asked.output))


if __name__ == "__main__":
    main()
