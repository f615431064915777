"""A model's answer read into a proposal: lenient about form, strict about half a reply."""

import re

from pydantic import ValidationError

from service.domain.base import storable
from service.domain.commitment import PlannedCommitment
from service.domain.draft import ProposedCitation, ReplyProposal
from service.errors import ModelRubbish
from service.llm.lenient_json import first_object

_FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*)\n?```", re.DOTALL)
_THOUGHTS = re.compile(r"\A\s*<think>.*?(</think>|\Z)", re.DOTALL)
# Braces around a quoted name: what is left of a JSON answer must not pass as prose.
_LOOKS_LIKE_JSON = re.compile(r'\{\s*"|"reply"\s*:|\A\s*[{\[]')
_QUOTES = {'"': '"', "“": "”", "„": "”", "«": "»", "'": "'"}
_MAX_OBJECTS = 20


def parse_proposal(text: str, *, cut: bool = False) -> ReplyProposal:
    """The proposal in a model's answer; `cut` says that the answer ran into its token limit.

    Raises ModelRubbish, and nothing else, where the answer holds no whole reply.
    """
    plain = _THOUGHTS.sub("", str(storable(text))).strip().lstrip("\ufeff")
    fields = _fields(plain)
    if fields is not None:
        return _validated(fields)
    if _LOOKS_LIKE_JSON.search(plain):
        raise ModelRubbish("the answer is JSON without a whole reply")
    return _prose(plain, cut=cut)


def _fields(text: str) -> dict[str, object] | None:
    """The first object in the text that holds a reply."""
    place = text.find("{")
    for _ in range(_MAX_OBJECTS):
        if place < 0:
            break
        found = first_object(text, place)
        if found is not None and isinstance(found.get("reply"), str):
            return found
        place = text.find("{", place + 1)
    return None


def _prose(text: str, *, cut: bool) -> ReplyProposal:
    if cut:
        raise ModelRubbish("the answer was cut off; raise AMENDS_LLM__MAX_TOKENS")
    fence = _FENCE.fullmatch(text)
    if fence is None and text.startswith("```"):
        raise ModelRubbish("the answer's code fence is never closed, so the reply may be half")
    return _validated({"reply": _unquoted((fence[1] if fence else text).strip())})


def _unquoted(text: str) -> str:
    """Without the quotes around the whole text; quotes around a part of it stay."""
    inner = text[1:-1]
    closing = _QUOTES.get(text[:1])
    if len(text) < 2 or closing is None or text[-1] != closing:
        return text
    return text if text[0] in inner or closing in inner else inner.strip()


def _validated(fields: dict[str, object]) -> ReplyProposal:
    reply = fields.get("reply")
    if not isinstance(reply, str) or not reply.strip():
        raise ModelRubbish("the answer holds no reply")
    try:
        return ReplyProposal(
            reply=reply.strip(),
            citations=tuple(_citations(fields.get("citations"))),
            commitments=tuple(_commitments(fields.get("commitments"))),
            missing_facts=tuple(_facts(fields.get("missing_facts"))),
        )
    except ValidationError as exc:
        problem = exc.errors(include_input=False, include_url=False)[0]["type"]
        raise ModelRubbish(f"the reply is not usable: {problem}") from None


def _items(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _citations(value: object) -> list[ProposedCitation]:
    """Those that can be read; one that cannot is no reason to lose the reply."""
    found = []
    for item in _items(value):
        fields = {"policy_id": item} if isinstance(item, str) else item
        try:
            found.append(ProposedCitation.model_validate(fields))
        except ValidationError:
            continue
    return found


def _commitments(value: object) -> list[PlannedCommitment]:
    read = (_commitment(item) for item in _items(value))
    return [commitment for commitment in read if commitment is not None]


def _commitment(item: object) -> PlannedCommitment | None:
    fields = {"what": item} if isinstance(item, str) else item
    if not isinstance(fields, dict):
        return None
    known = {name: fields.get(name) for name in ("what", "owner", "due_at")}
    # A promise whose owner or time cannot be read is still a promise.
    for attempt in (known, {"what": known["what"]}):
        try:
            commitment = PlannedCommitment.model_validate(attempt)
        except (ValidationError, OverflowError):  # a year out of range overflows in UTC
            continue
        return commitment if commitment.what.strip() else None
    return None


def _facts(value: object) -> list[str]:
    return [item.strip() for item in _items(value) if isinstance(item, str) and item.strip()]
