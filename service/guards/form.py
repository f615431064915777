"""The outer form of a reply: its length, unfilled slots, links, and talk of deleting."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.domain.checks import Severity
from service.domain.thread import Channel
from service.guards.context import CheckContext, Hit
from service.guards.links import unlisted_link
from service.text.folding import fold
from service.text.wordlists import patterns

__all__ = ["mentions_deletion", "placeholder_left", "too_long", "unlisted_link"]

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_form.yaml")
_PLATFORM_LIMITS = {
    Channel.X: 280,
    Channel.APP_REVIEW: 350,
    Channel.INSTAGRAM: 2200,
    Channel.GOOGLE_REVIEW: 4096,
    Channel.FACEBOOK: 8000,
}
# Slots are signs, not words: they may stand right behind one (`Hi,[Name]`).
_SLOTS = re.compile(_LISTS["slots"].pattern.removeprefix(r"(?<!\w)"))
# In capitals only: `todo` is a Spanish word, and `xxx` are kisses.
_EMPTY_CAPITALS = re.compile(r"(?<!\w)(?:X{3,}|TODO|TBD|TBC|FIXME)(?!\w)")
_NOT_SLOTS = re.compile(r"\$(?:us|eur)|#{3,}\s")


def _platform_limit(context: CheckContext) -> int | None:
    """What the platform takes; on X more where the brand says that its account may."""
    channel = context.case.channel
    limit = _PLATFORM_LIMITS.get(channel)
    if channel is Channel.X and limit is not None:
        return max(limit, context.brand.contact.max_reply_chars.get(channel, limit))
    return limit


def too_long(context: CheckContext) -> Iterator[Hit]:
    """Over the brand's limit for the channel, or over what the platform takes at all."""
    length = len(context.reply)
    channel = context.case.channel
    wanted = context.case.options.max_chars or context.brand.max_chars(channel)
    platform = _platform_limit(context)
    blocked = platform is not None and length > platform
    limit = platform if blocked and platform is not None else wanted
    if length <= limit:
        return
    who = f"{channel} takes" if blocked else "this channel should have"
    yield Hit(
        message=f"The reply has {length} characters; {who} {limit} at most.",
        suggestion=f"Shorten it by {length - limit} characters; keep apology and next step.",
        start=limit,
        end=length,
        severity=Severity.BLOCK if blocked else None,
    )


def placeholder_left(context: CheckContext) -> Iterator[Hit]:
    """A slot, a variable or a note to self that was to be filled or removed."""
    folded = fold(context.reply)
    seen = -1
    found = [*_SLOTS.finditer(folded), *_LISTS["notes"].finditer(folded)]
    found += _EMPTY_CAPITALS.finditer(context.reply)
    for match in sorted(found, key=lambda one: (one.start(), -one.end())):
        if match.start() < seen or _NOT_SLOTS.match(match.group()):
            continue
        seen = match.end()
        yield Hit(
            message=f"“{context.reply[match.start() : seen]}” was never filled in.",
            suggestion="Fill it in or take it out.",
            start=match.start(),
            end=seen,
        )


def _is_advice(folded: str, start: int) -> bool:
    """Customers may be told to take their own personal data out of sight."""
    around = folded[max(0, start - 100) : start + 140]
    return bool(_LISTS["own_data"].search(around)) and not _LISTS["brand_deletes"].search(around)


def mentions_deletion(context: CheckContext) -> Iterator[Hit]:
    """Deleting, hiding or removing posts, or asking the customer to do so."""
    folded = fold(context.reply)
    for match in _LISTS["deletion"].finditer(folded):
        if not _is_advice(folded, match.start()):
            yield Hit(
                message="Speaks of deleting or hiding what people post; that feeds anger.",
                suggestion="Leave it out: answer the criticism and say nothing of removing it.",
                start=match.start(),
                end=match.end(),
            )
