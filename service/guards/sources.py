"""What a reply may rest on: the thread, what the agent vouches for, policy and brand settings."""

from functools import lru_cache

from service.domain.brand import Brand
from service.domain.thread import Author, Case
from service.guards.context import CheckContext
from service.text.specifics import granted_by


def customer_texts(case: Case) -> tuple[str, ...]:
    """What the customer and bystanders wrote, the complaint last."""
    earlier = (message.text for message in case.others if message.author is not Author.BRAND)
    return (*earlier, case.complaint.text)


def vouched_texts(case: Case) -> tuple[str, ...]:
    """What the brand itself said: earlier replies, known facts, the resolution."""
    said = (message.text for message in case.others if message.author is Author.BRAND)
    facts = (fact.text for fact in (*case.known, *((case.resolved,) if case.resolved else ())))
    return (*said, *facts)


def case_texts(case: Case) -> tuple[str, ...]:
    """Thread, known facts and resolution."""
    return (*customer_texts(case), *vouched_texts(case))


def public_texts(case: Case) -> tuple[str, ...]:
    """What can be read by all: the thread and the public facts."""
    said = (message.text for message in case.others)
    facts = (fact.text for fact in case.known if not fact.private)
    resolved = (case.resolved.text,) if case.resolved and not case.resolved.private else ()
    return (*said, case.complaint.text, *facts, *resolved)


def policy_texts(context: CheckContext) -> tuple[str, ...]:
    """Title and text of each passage in play."""
    return tuple(part for found in context.policy for part in (found.title, found.text) if part)


def brand_texts(brand: Brand) -> tuple[str, ...]:
    """Settings that state facts in words."""
    contact = brand.contact
    hours = (target.hours or "" for target in brand.response_targets.channels.values())
    return (
        *brand.follow_up_windows,
        *contact.private_channel.values(),
        *contact.allowed_links,
        *hours,
        brand.voice,
        brand.community_guidelines,
        brand.signature,
    )


def _target_grants(brand: Brand) -> frozenset[str]:
    targets = brand.response_targets
    minutes = [*targets.classes.values(), *(one.minutes for one in targets.channels.values())]
    return frozenset(f"duration:{count}:minute" for count in minutes)


@lru_cache(maxsize=64)
def _grants_of(texts: tuple[str, ...]) -> frozenset[str]:
    return granted_by(texts)


def granted_values(context: CheckContext) -> frozenset[str]:
    """Every value that thread, facts, policy or brand settings hold."""
    texts = (*case_texts(context.case), *policy_texts(context), *brand_texts(context.brand))
    return _grants_of(texts) | _target_grants(context.brand)
