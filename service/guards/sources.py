"""What a reply may rest on: the thread, what the agent vouches for, policy and brand settings."""

from collections.abc import Iterable
from functools import lru_cache

from service.domain.brand import Brand
from service.domain.knowledge import FoundPassage
from service.domain.thread import Author, Case
from service.guards.context import CheckContext
from service.text.specifics import granted_by


def customer_texts(case: Case) -> tuple[str, ...]:
    """What the customer and bystanders wrote, the complaint last."""
    earlier = (message.text for message in case.others if message.author is not Author.BRAND)
    return (*earlier, case.complaint.text)


def vouched_texts(case: Case) -> tuple[str, ...]:
    """What the brand itself said: earlier replies, and the facts that it vouches for."""
    said = (message.text for message in case.others if message.author is Author.BRAND)
    return (*said, *(fact.text for fact in case.facts))


def vouched_openly(context: CheckContext) -> tuple[str, ...]:
    """What the brand vouches for before those who read the reply: in public, nothing private."""
    case = context.case
    said = (message.text for message in case.others if message.author is Author.BRAND)
    facts = (fact.text for fact in case.facts if not (fact.private and context.is_public))
    return (*said, *facts)


def open_texts(context: CheckContext) -> tuple[str, ...]:
    """What the reply may openly rest on: the customer's words and what is vouched for openly."""
    return (*customer_texts(context.case), *vouched_openly(context))


def case_texts(case: Case) -> tuple[str, ...]:
    """Thread, known facts and resolution."""
    return (*customer_texts(case), *vouched_texts(case))


def public_texts(case: Case) -> tuple[str, ...]:
    """What can be read by all: the thread and the public facts."""
    said = (message.text for message in case.others)
    facts = (fact.text for fact in case.facts if not fact.private)
    return (*said, case.complaint.text, *facts)


def policy_texts(context: CheckContext) -> tuple[str, ...]:
    """Title and text of each passage in play."""
    return _texts_of(context.policy)


def _texts_of(passages: Iterable[FoundPassage]) -> tuple[str, ...]:
    return tuple(part for found in passages for part in (found.title, found.text) if part)


def firm_texts(context: CheckContext) -> tuple[str, ...]:
    """Where a figure may come from: what is open, the policy that the case led to, settings."""
    policy = _texts_of(one for one in context.policy if not context.is_echoed(one))
    return (*open_texts(context), *policy, *brand_texts(context.brand))


def brand_texts(brand: Brand) -> tuple[str, ...]:
    """Settings that state facts in words."""
    contact = brand.contact
    targets = brand.response_targets
    hours = (target.hours or "" for target in targets.channels.values())
    return (
        *brand.follow_up_windows,
        *contact.private_channel.values(),
        *contact.allowed_links,
        *hours,
        targets.hours or "",
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
    """Every value that thread, facts, policy or brand settings hold openly."""
    return _grants_of(firm_texts(context)) | _target_grants(context.brand)
