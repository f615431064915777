"""Sending the customer off the platform."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.domain.thread import Channel
from service.guards.context import CheckContext, Hit
from service.guards.phrases import without_overlaps
from service.guards.quotes import without_quotes
from service.guards.sources import customer_texts
from service.text.folding import fold
from service.text.personal_data import PersonalKind, find_personal_data
from service.text.references import plain_reference
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_channels.yaml")
_FAR, _NEAR = 60, 30
_OWN_NETWORKS = {
    Channel.X: {"x", "twitter"},
    Channel.FACEBOOK: {"facebook", "fb", "messenger"},
    Channel.INSTAGRAM: {"instagram", "insta"},
    Channel.GOOGLE_REVIEW: {"google"},
    Channel.APP_REVIEW: {"google"},
}
_MAIL_IS_HOME = {Channel.EMAIL, Channel.HELPDESK}
_PAST = re.compile(
    r"(?<!\w)(?:had|having|had to|have to|when you|after you|you (?:tried|called|rang|spent)"
    r"|having to|trying to|tried to|times?"
    r"|nobody|no one|nikt|nadie|niemand|keiner|who|ktory|ktora|que (?:no )?(?:te|le|les|os)"
    r"|musial\w*|kiedy|tuvi\w+ que|al|musste\w*|als du|als sie)(?: \w+)?\s$"
)
_DENIED = re.compile(
    r"(?<!\w)(?:no need to|don't (?:have|need) to|without|not|cannot|can't|couldn't|nie trzeba"
    r"|nie musi\w*|nie (?:moze|mozna|mogl\w*)|bez|sin|no hace falta|no (?:puede|pudo)|ohne|nicht"
    r"|statt zu|instead of|rather than)\s(?:\w+\s)?$"
)


_EMERGENCY = re.compile(
    r"(?<!\w)(?:emergency (?:number|services?|room)|ambulance|112|911|999|alarmow\w+|pogotowi\w+"
    r"|emergencias|notruf\w*)(?!\w)"
)


def _allowed(words: str, context: CheckContext) -> bool:
    """What the brand names as its private way on this channel is no other place."""
    way = fold(context.brand.contact.private_way(context.case.channel) or "")
    return bool(way) and bool(re.search(rf"(?<!\w){re.escape(words.strip())}", way))


def _hit(start: int, end: int, what: str) -> Hit:
    return Hit(
        message=f"Takes the conversation off this platform: {what}.",
        suggestion="Stay here: answer in this thread or in the same platform's private channel.",
        start=start,
        end=end,
    )


def _invites(folded: str, start: int, kind: str) -> bool:
    """Whether it is an invitation: not past, not refused, not a driver's, not to call for help."""
    if kind == "phone" and _EMERGENCY.search(re.split(r"[.!?\n]", folded[start : start + _FAR])[0]):
        return False
    before = re.split(r"[.!?\n]", folded[max(0, start - _FAR) : start])[-1]
    if _PAST.search(before[-_NEAR:]) or _DENIED.search(before[-_NEAR:]):
        return False
    return kind != "phone" or not _LISTS["field_staff"].search(before)


def _invitations(folded: str, context: CheckContext) -> Iterator[Hit]:
    kinds = ["phone"]
    kinds += [] if context.case.channel in _MAIL_IS_HOME else ["mail"]
    kinds += [] if context.case.channel is Channel.CHAT else ["other_chat"]
    own_way = fold(context.brand.contact.private_way(context.case.channel) or "")
    # A claim that the rule itself takes in the brand's app is no way off; phone and mail are.
    rules = " ".join(fold(passage.text) for passage in context.policy)
    for kind in kinds:
        if _LISTS[kind].search(own_way) or (kind == "other_chat" and _LISTS[kind].search(rules)):
            continue
        for match in _LISTS[kind].finditer(folded):
            if _invites(folded, match.start(), kind):
                yield _hit(match.start(), match.end(), _NAMED[kind])


_NAMED = {"phone": "phone", "mail": "e-mail", "other_chat": "a chat elsewhere"}


def _messengers(folded: str, context: CheckContext) -> Iterator[Hit]:
    for match in _LISTS["messenger"].finditer(folded):
        if not _allowed(match.group(), context) and not _is_retold(match.group(), context):
            yield _hit(match.start(), match.end(), match.group())


def _is_retold(words: str, context: CheckContext) -> bool:
    """The customer speaks of that place as well, so naming it need not lead there."""
    return any(words in fold(text) for text in customer_texts(context.case))


def _short_messages(folded: str, context: CheckContext) -> Iterator[Hit]:
    """A text message is a way off only where it is to be sent, not where the system sends one."""
    for match in _LISTS["texting"].finditer(folded):
        if _invites(folded, match.start(), "texting"):
            yield _hit(match.start(), match.end(), "text message")


def _networks(folded: str, context: CheckContext) -> Iterator[Hit]:
    own = _OWN_NETWORKS.get(context.case.channel, set())
    for match in _LISTS["network"].finditer(folded):
        name = match["network"]
        around = folded[max(0, match.start() - 50) : match.start()]
        if name in own or _allowed(name, context) or not _LISTS["invited"].search(around):
            continue
        yield _hit(match.start(), match.end(), name)


def _addresses(context: CheckContext) -> Iterator[Hit]:
    """A phone or mail address that is not the customer's own; that one is a privacy matter."""
    home = context.case.channel in _MAIL_IS_HOME
    told = [plain_reference(text) for text in customer_texts(context.case)]
    for found in find_personal_data(context.reply):
        is_mail = found.kind is PersonalKind.EMAIL
        if (found.kind is not PersonalKind.PHONE and not is_mail) or (is_mail and home):
            continue
        if not any(found.plain in text for text in told):
            yield _hit(found.start, found.end, "an e-mail address" if is_mail else "a phone number")


def off_platform_move(context: CheckContext) -> Iterator[Hit]:
    """Phone, e-mail, another company's messenger or another network as the way on."""
    folded = fold(without_quotes(context.reply))
    yield from without_overlaps(
        [
            *_addresses(context),
            *_invitations(folded, context),
            *_messengers(folded, context),
            *_short_messages(folded, context),
            *_networks(folded, context),
        ]
    )
