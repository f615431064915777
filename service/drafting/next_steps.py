"""Words that people wrote around the sentence that a small model began: what is known, the rule
that applies, as policy has it, and what happens next."""

from datetime import datetime
from pathlib import Path

from service.domain.brand import Brand
from service.domain.thread import Case
from service.domain.triage import Kind, MoveKind, Triage
from service.drafting.vouched import sayable_together
from service.text.sayings import sayings, turned
from service.text.windows import promised_window

_FILE = Path(__file__).with_name("next_steps.yaml")


def told_rule(rule: str, case: Case, *, language: str) -> str | None:
    """A quoted rule with the words that lead to it; None where we don't speak the language."""
    return _told("rule", rule, case, language)


def told_facts(brand: Brand, case: Case, *, language: str) -> str | None:
    """What an agent vouches for, with the words that lead to it; None where nothing may be said."""
    facts = sayable_together(case.known, brand, language)
    return _told("known", facts, case, language) if facts else None


def _told(name: str, what: str, case: Case, language: str) -> str | None:
    variants = turned(sayings(_FILE, name, language), case.complaint.text)
    return variants[0].replace(f"{{{name}}}", what) if variants else None


def next_steps(
    brand: Brand, case: Case, triage: Triage, *, language: str, ruled: bool, now: datetime
) -> list[str]:
    """The ways to end the reply, the one that is this complaint's turn first; none where nothing
    happens next, or where we don't speak the language. `ruled`: a rule, or what is known, has been
    told."""
    if triage.move.kind is MoveKind.CLOSING_UPDATE:
        return []
    if triage.kind is Kind.COMPLIMENT:
        return turned(sayings(_FILE, "praised", language), case.complaint.text)
    window = promised_window(brand.follow_up_windows).ahead(now, brand.calendar).words(language)
    if window is None:
        return []
    variants = sayings(_FILE, _manner(brand, case, triage, ruled=ruled), language)
    way = brand.contact.private_way(case.channel) or ""
    ordered = turned(variants, case.complaint.text)
    return [one.replace("{window}", window).replace("{way}", way) for one in ordered]


def _manner(brand: Brand, case: Case, triage: Triage, *, ruled: bool) -> str:
    if triage.kind is Kind.QUESTION:
        return "asked" if ruled else "unsure"
    if triage.move.kind is MoveKind.PUBLIC_THEN_PRIVATE and brand.contact.private_way(case.channel):
        return "to_private"
    return "in_public" if case.is_public else "in_private"
