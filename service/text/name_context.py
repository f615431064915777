"""What around a name tells that it is one: `my name is`, `the driver`, `said`."""

import re

from service.text.wordlists import HERE, pattern_list

_FILE = HERE / "personal.yaml"


def _ending(key: str, after: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(pattern_list(_FILE, key))}){after}$")


_INTRODUCED = _ending("name_is", r"[ \n:]{1,2}")
_ROLE = _ending("name_roles", r"[ \n\"“:]{1,2}")
_CUE = _ending("name_cues", r"[ \n\"“:]{1,2}")
_NEAR_NAME = re.compile(r"(?<!\w)(?:name|nazwisk\w+|nombre|apellidos?|namen?)(?!\w)[^.!]{0,40}$")
_AFTER = re.compile(
    rf"(?:'s)?[ ,\"”]{{1,2}}(?:{'|'.join(pattern_list(_FILE, 'name_after'))})(?!\w)"
)
_SIGNED_AS = re.compile(
    rf"\s?[,|\n–-]\s?(?:\w+ ){{0,3}}(?:{'|'.join(pattern_list(_FILE, 'signed_as'))})(?!\w)"
    r"[^\n.]{0,30}\s*$"
)
_OPENS = re.compile(r"(?:^|[\n.!?,*^~–-])\s*$")
_BEHIND, _AHEAD, _TAIL = 48, 14, 80
# Weights that add up with those of the words themselves.
_BY_INTRODUCTION, _BY_ROLE, _BY_CUE, _ALONE = 3.0, 2.5, 1.5, 1.0


def _before(before: str) -> float:
    if _INTRODUCED.search(before):
        return _BY_INTRODUCTION
    if _ROLE.search(before):
        return _BY_ROLE
    return _BY_CUE if _CUE.search(before) or _NEAR_NAME.search(before) else 0.0


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether the name is a line of its own among others, bullets and emoji aside."""
    if "\n" not in text:
        return False
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    return re.sub(r"^\W+|\W+$", "", line[:_TAIL]) == text[start:end]


def name_context(text: str, folded: str, start: int, end: int) -> float:
    """How much the words around make these a person's name."""
    weight = _before(folded[max(0, start - _BEHIND) : start])
    if _AFTER.match(folded, end, end + _AHEAD):
        weight += _BY_CUE
    return weight + (_ALONE if _is_alone(text, start, end) else 0.0)


def is_agents_signature(folded: str, start: int, end: int) -> bool:
    """Whether a text ends here with who wrote it for a company: `Tom Baker, Customer Care`."""
    if len(folded) - end > _TAIL or not _OPENS.search(folded[max(0, start - 4) : start]):
        return False
    return bool(_SIGNED_AS.match(folded, end))
