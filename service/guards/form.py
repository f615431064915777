"""The outer form of a reply: its length, unfilled slots, links, and talk of deleting."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.domain.checks import Severity
from service.domain.thread import Channel
from service.guards.context import CheckContext, Hit
from service.guards.learned import with_learned
from service.guards.links import unlisted_link
from service.guards.quotes import without_quotes
from service.guards.reading import Label
from service.guards.sources import customer_texts
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
_REMINDERS = re.compile(_LISTS["reminder"].pattern.removeprefix(r"(?<!\w)"))
# In capitals only: `todo` is a Spanish word, `xxx` are kisses, and XX alone is a size or a century.
_EMPTY_CAPITALS = re.compile(
    r"(?<!\w)(?:X{3,}|TODO|TB[DCA]|FIXME)(?!\w)"
    r"|(?<!\w)X{1,4}(?:[/.,:-]X{1,4})+(?!\w)|[€$£]\s?X{1,4}(?!\w)"
    r"|(?<!\w)(?:X{2,4}|X(?=\s?[€£$%]))(?=\s?(?:[€£$%]|(?:EUR|PLN|zł|Uhr|days?|hours?|Tage?n?"
    r"|Stunden|dni|godzin|d[ií]as|horas|am|pm)(?!\w)))"
)
_SLOT_NAMES = re.compile(
    r"(?<!\w)(?:(?:FIRST|LAST|SUR|VOR|NACH|KUNDEN|USER|CUSTOMER)[ _-]?NAMEN?|NAME|NOMBRE|APELLIDOS?"
    r"|IMI[EĘ]|NAZWISKO|ORDER[ _](?:NUMBER|NO|ID)|BESTELLNUMMER|NUMERO_\w+)(?!\w)"
)
_SLOT_VALUES = re.compile(
    r"\b(?:on|by|until|before|of|el|d[ií]a|del|de|am|bis|zum|von|um|a las|do|dnia|od|kwot[ęy]|o"
    r"|godz\.?)\s(?:the\s)?(DATE|DAY|TIME|AMOUNT|FECHA|D[IÍ]A|HORA|IMPORTE|DATUM|TAG|UHRZEIT|BETRAG"
    r"|DAT[AĘY]|KWOT[AĘY]|GODZIN[AĘY]|X{2,4})(?!\w)"
)
_CAPITAL_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_SLOTS = re.compile(r"\$(?:us|eur)|#{3,}\s")
_BESIDE = 25
_BEFORE = 120


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


def _is_shouted(text: str, start: int, end: int) -> bool:
    """Whether the words beside are in capitals too: then the capitals say nothing."""
    before = _CAPITAL_WORD.findall(text[max(0, start - _BESIDE) : start])[-1:]
    after = _CAPITAL_WORD.findall(text[end : end + _BESIDE])[:1]
    return any(word.isupper() for word in (*before, *after))


def _capital_slots(reply: str, folded: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _EMPTY_CAPITALS.finditer(reply))
    named = [match.span() for match in _SLOT_NAMES.finditer(reply)]
    named += [match.span(1) for match in _SLOT_VALUES.finditer(reply)]
    for start, end in named:
        if not _is_shouted(reply, start, end) and not _is_pressed(folded, start):
            yield start, end


def _is_pressed(folded: str, start: int) -> bool:
    return bool(_LISTS["pressed"].search(folded[max(0, start - _BESIDE) : start]))


def _slots(context: CheckContext) -> Iterator[tuple[int, int]]:
    """Every slot; what the customer quotes, or what is a key of the appliance, is none."""
    reply, folded = context.reply, fold(context.reply)
    theirs = [fold(text) for text in customer_texts(context.case)]
    for match in _SLOTS.finditer(folded):
        slot = match.group()
        retold = any(slot in text for text in theirs)
        if not retold and not _is_pressed(folded, match.start()) and not _NOT_SLOTS.match(slot):
            yield match.span()
    for pattern in (_LISTS["notes"], _LISTS["salutation"], _REMINDERS):
        yield from (match.span() for match in pattern.finditer(folded))
    yield from _capital_slots(reply, folded)


def placeholder_left(context: CheckContext) -> Iterator[Hit]:
    """A slot, a variable or a note to self that was to be filled or removed."""
    seen = -1
    for start, end in sorted(_slots(context), key=lambda one: (one[0], -one[1])):
        if start < seen:
            continue
        seen = end
        yield Hit(
            message=f"“{context.reply[start:end]}” was never filled in.",
            suggestion="Fill it in or take it out.",
            start=start,
            end=end,
        )


def _is_advice(folded: str, start: int) -> bool:
    """Customers may be told to take their own personal data out of sight."""
    around = folded[max(0, start - 100) : start + 140]
    return bool(_LISTS["own_data"].search(around)) and not _LISTS["brand_deletes"].search(around)


def _is_of_other_things(folded: str, start: int) -> bool:
    """Whether the pronoun stands for an account or a fee named just before, and for no post."""
    before = folded[max(0, start - _BEFORE) : start]
    return bool(_LISTS["other_things"].search(before)) and not _LISTS["posts"].search(before)


def _deletions(folded: str, context: CheckContext) -> Iterator[tuple[int, int]]:
    """Posts that go: by name, or by a pronoun where the thread speaks of posts."""
    pronouns = any(
        _LISTS["about_posts"].search(fold(text)) or _LISTS["posts"].search(fold(text))
        for text in (*customer_texts(context.case), context.reply)
    )
    for key in ("deletion", "taken", *(("vanished",) if pronouns else ())):
        for match in _LISTS[key].finditer(folded):
            if key != "vanished" or not _is_of_other_things(folded, match.start()):
                yield match.span()


def mentions_deletion(context: CheckContext) -> Iterator[Hit]:
    """Deleting, hiding or removing posts, or asking the customer to do so."""
    folded = fold(without_quotes(context.reply))
    listed = (
        Hit(
            message="Speaks of deleting or hiding what people post; that feeds anger.",
            suggestion="Leave it out: answer the criticism and say nothing of removing it.",
            start=start,
            end=end,
        )
        for start, end in _deletions(folded, context)
    )
    for hit in with_learned(listed, context, Label.MENTIONS_DELETION):
        if not _is_advice(folded, hit.start or 0):
            yield hit
