"""Addresses in a reply that the brand does not list."""

import re
from collections.abc import Iterator

from service.guards.context import CheckContext, Hit

# Endings that no word of the four languages has, so that a missing space makes no address.
_TOP = (
    "com|net|org|info|biz|io|co|app|dev|shop|store|online|site|page|link|help|support|example|test|eu"
    "|pl|de|es|uk|us|fr|nl|ch|at|cz|ru|tv|ai|ly|gl|me|xyz|club|live|news|blog|cloud|tech|gov|edu|mobi"
)
_WORD_LIKE = "at|me|us|help|support|live|news|page|link|site|online|store|shop|cloud|club|test|blog"
_ADDRESS = re.compile(
    rf"""(?<![\w@.])(?:
        (?:https?|ftp)://[^\s<>"]{{1,500}}
      | www\.[^\s<>"]{{1,500}}
      | (?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.){{1,4}}
        (?:[a-z]{{2,12}}(?=/)|(?:{_TOP})(?!\w|[.-]\w))(?::\d{{2,5}})?(?:[/?\#][^\s<>"]{{0,400}})?
      | [a-z0-9-]{{2,40}}\s?(?:\[\.\]|\(\.\)|\(dot\)|\[dot\]|\sdot\s)\s?(?:{_TOP})(?!\w)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MISSING_SPACE = re.compile(rf"[a-z]{{2,}}\.(?:{_WORD_LIKE})", re.IGNORECASE)
_TRAILING = ".,;:!?)]}»”“’'\"*…"


def _trimmed(written: str) -> str:
    """The address without the punctuation of the sentence around it."""
    trimmed = written.rstrip(_TRAILING)
    if "(" in trimmed and written[len(trimmed) : len(trimmed) + 1] == ")":
        return trimmed + ")"
    return trimmed


def _plain(address: str) -> str:
    """The address without what browsers add or drop by themselves."""
    scheme, separator, rest = address.strip().partition("://")
    rest = rest if separator else scheme
    host, slash, path = rest.partition("/")
    return (host.lower() + slash + path).removesuffix("/")


def addresses_in(text: str) -> Iterator[tuple[int, str]]:
    """Every web address with its place; mail addresses are none."""
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match.group())
        spoken = "/" not in address and _MISSING_SPACE.fullmatch(address)
        if address and not spoken and not text.startswith("@", match.start() + len(address)):
            yield match.start(), address


def unlisted_link(context: CheckContext) -> Iterator[Hit]:
    """Any address that is not literally on the brand's list, sub-pages included."""
    listed = {_plain(address) for address in context.brand.contact.allowed_links}
    name = context.brand.name.lower()
    for start, address in addresses_in(context.reply):
        if _plain(address) in listed or address.lower() in name:
            continue
        allowed = ", ".join(context.brand.contact.allowed_links)
        yield Hit(
            message=f"“{address}” is not on the brand's list of links.",
            suggestion=f"Use a listed link ({allowed}) or none." if allowed else "Leave it out.",
            start=start,
            end=start + len(address),
        )
