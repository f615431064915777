"""What an agent vouches for and anybody may read, in the words it was vouched for in."""

from collections.abc import Iterable

from service.domain.brand import Brand
from service.domain.thread import KnownFact
from service.text.language import is_other_language


def sayable(fact: KnownFact | None, brand: Brand, language: str) -> str | None:
    """A public fact as it stands, as a sentence, where it is in the reply's language."""
    if fact is None or fact.private or is_other_language(fact.text, language, brand.languages):
        return None
    text = fact.text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def sayable_together(facts: Iterable[KnownFact], brand: Brand, language: str) -> str | None:
    """All of the facts that may be said; None where none may."""
    sayings = [sayable(fact, brand, language) for fact in facts]
    return " ".join(filter(None, sayings)) or None
