"""Addresses in a reply that the brand does not list."""

import re
from collections.abc import Iterator

from service.guards.context import CheckContext, Hit

# Endings that no word of the four languages has, so that a missing space makes no address.
_TOP = (
    "com|net|org|info|biz|io|co|app|dev|shop|store|online|site|page|link|help|support|example|test|eu"
    "|pl|de|es|uk|us|fr|nl|ch|at|cz|ru|tv|ai|ly|gl|me|xyz|club|live|news|blog|cloud|tech|gov|edu|mobi"
    "|gle|gg|ws|cc|fi|dk|pt|sk|hu|ro|ua|ca|au|mx|jp|cn|fm|pro|vip|care|service|chat|bio|haus|gmbh"
    "|berlin|wien|madrid|cat|gal|top|win|click|website|space|digital|email|social|one|zone|world|inc"
)
_WORD_LIKE = (
    "at|me|us|help|support|live|news|page|link|site|online|store|shop|cloud|club|test|blog|co|care"
    "|service|chat|bio|haus|top|win|click|website|space|digital|email|social|one|zone|world|pro|cat"
    "|gal|app|gg|tech|info|inc"
)
_DOT = "(?:dot|punkt|punto|kropka)"
_SPOKEN_DOT = rf"(?:\[\.\]|\(\.\)|\({_DOT}\)|\[{_DOT}\]|\s{_DOT}\s)"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(
    rf"""(?<![\w@.])(?:
        (?:h[tx]{{2}}ps?|ftp)://[^\s<>"]{{1,500}}
      | www\.[^\s<>"]{{1,500}}
      | (?:{_LABEL}\.){{1,4}}
        (?:[a-z]{{2,12}}(?=/)|(?:{_TOP})(?!\w|[.-]\w))(?::\d{{2,5}})?(?:[/?\#][^\s<>"]{{0,400}})?
      | [a-z0-9-]{{2,40}}\s?{_SPOKEN_DOT}\s?(?:{_TOP})(?!\w)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MISSING_SPACE = re.compile(rf"[^\W\d_]{{2,}}\.(?:{_WORD_LIKE})", re.IGNORECASE)
_TRAILING = ".,;:!?)]}»”“’'\"*…"


def _trimmed(written: str) -> str:
    """The address without the punctuation of the sentence around it."""
    trimmed = written.rstrip(_TRAILING)
    if "(" in trimmed and written[len(trimmed) : len(trimmed) + 1] == ")":
        return trimmed + ")"
    return trimmed


def _plain(address: str) -> str:
    """The address without what browsers add or drop by themselves; `http` stays, it is another."""
    scheme, separator, rest = address.strip().partition("://")
    rest = rest if separator else scheme
    host, slash, path = rest.partition("/")
    other = "http://" if separator and scheme.lower() != "https" else ""
    return other + (host.lower() + slash + path).removesuffix("/")


def addresses_in(text: str) -> Iterator[tuple[int, str]]:
    """Every web address with its place; mail addresses are none."""
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match.group())
        spoken = "/" not in address and _MISSING_SPACE.fullmatch(address)
        capital = address.rpartition(".")[2][:1].isupper() and not address.isupper()
        if (
            address
            and not spoken
            and not capital
            and not text.startswith("@", match.start() + len(address))
        ):
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
