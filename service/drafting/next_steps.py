"""Words that people wrote around the sentence that a small model began: the rule that applies, as
policy has it, and what happens next."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from service.domain.brand import Brand
from service.domain.thread import Case
from service.domain.triage import Kind, MoveKind, Triage
from service.text.windows import Window, first_window

_FILE = Path(__file__).with_name("next_steps.yaml")
_FALLBACK_WINDOW = Window(hours=24)


def told_rule(rule: str, case: Case, *, language: str) -> str | None:
    """A quoted rule with the words that lead to it; None where we don't speak the language."""
    variants = _variants("rule", language)
    return _chosen(variants, case).replace("{rule}", rule) if variants else None


def next_steps(
    brand: Brand, case: Case, triage: Triage, *, language: str, ruled: bool
) -> list[str]:
    """The ways to end the reply, the one that is this complaint's turn first; none where nothing
    happens next, or where we don't speak the language. `ruled`: a rule has been told."""
    if triage.kind is Kind.COMPLIMENT or triage.move.kind is MoveKind.CLOSING_UPDATE:
        return []
    window = (first_window(brand.follow_up_windows) or _FALLBACK_WINDOW).words(language)
    variants = _variants(_manner(brand, case, triage, ruled=ruled), language)
    if window is None or not variants:
        return []
    way = brand.contact.private_way(case.channel) or ""
    turn = variants.index(_chosen(variants, case))
    ordered = (*variants[turn:], *variants[:turn])
    return [one.replace("{window}", window).replace("{way}", way) for one in ordered]


def _manner(brand: Brand, case: Case, triage: Triage, *, ruled: bool) -> str:
    if triage.kind is Kind.QUESTION:
        return "asked" if ruled else "unsure"
    if triage.move.kind is MoveKind.PUBLIC_THEN_PRIVATE and brand.contact.private_way(case.channel):
        return "to_private"
    return "in_public" if case.is_public else "in_private"


def _chosen(variants: Sequence[str], case: Case) -> str:
    """Neighbours differ, and a rerun says the same."""
    text = case.complaint.text.encode("utf-8", "replace")
    return variants[int.from_bytes(hashlib.sha256(text).digest()[:4], "big") % len(variants)]


def _variants(name: str, language: str) -> Sequence[str]:
    return _loaded()[name].get(language, ())


@cache
def _loaded() -> Mapping[str, Mapping[str, Sequence[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded
