"""What a person may do with a promise, and what it is then. Pure."""

from datetime import datetime

from service.domain.brand import Brand
from service.domain.commitment import (
    Commitment,
    CommitmentChange,
    CommitmentStatus,
    reminder_at,
)
from service.domain.team import same_name
from service.errors import InvalidInput, TransitionRefused, VersionConflict

OPEN = CommitmentStatus.OPEN


def changed(
    promise: Commitment, asked: CommitmentChange, *, by: str, now: datetime
) -> tuple[Commitment, str]:
    """The promise as it is after the change, and what happened to it in a word."""
    if asked.expected_version != promise.version:
        raise VersionConflict(
            f"commitment {promise.id} is at version {promise.version}, not "
            f"{asked.expected_version}: read it again"
        )
    if asked.due_at is not None and asked.due_at <= now:
        raise InvalidInput(f"due_at: {asked.due_at.isoformat()} has passed; give a time to come")
    if asked.status in (None, OPEN):
        return _open(promise, asked, now)
    if promise.status is not OPEN:
        raise TransitionRefused(
            f"commitment {promise.id} is {promise.status.value}: open it again first, with a note"
        )
    closed = {"status": asked.status, "note": asked.note, "closed_by": by, "closed_at": now}
    return promise.model_copy(update={**closed, "wakes_at": None}), str(asked.status)


def _open(promise: Commitment, asked: CommitmentChange, now: datetime) -> tuple[Commitment, str]:
    """Opened again, or moved to another owner or time."""
    reopens = promise.status is not OPEN
    if reopens and asked.status is None:
        raise TransitionRefused(
            f"commitment {promise.id} is {promise.status.value}: open it again with "
            "status `open` and a note"
        )
    if reopens and not asked.note:
        raise InvalidInput("note: say why it is opened again")
    if not reopens and asked.owner is None and asked.due_at is None:
        raise TransitionRefused(f"commitment {promise.id} is open already")
    opened = promise.model_copy(
        update={
            "status": OPEN,
            "note": asked.note,
            "owner": asked.owner or promise.owner,
            "closed_by": None,
            "closed_at": None,
        }
    )
    due_at = asked.due_at or promise.due_at
    if asked.due_at is not None or reopens:
        opened = moved(opened, due_at, now) if due_at > now else _late(opened, now)
    return opened, "reopened" if reopens else "moved"


def moved(promise: Commitment, due_at: datetime, now: datetime) -> Commitment:
    """The promise with another due time: reminded of and followed up anew."""
    return promise.model_copy(
        update={
            "due_at": due_at,
            "promised_at": now,
            "wakes_at": reminder_at(made_at=now, due_at=due_at),
            "follow_up_draft_id": None,
        }
    )


def _late(promise: Commitment, now: datetime) -> Commitment:
    """Looked at next at once: its follow-up ended when the promise was closed."""
    return promise.model_copy(update={"wakes_at": now})


def require_owner(brand: Brand, owner: str) -> str:
    """Whoever is named to keep a promise is one of the team, however the name is typed.

    Gives the name as the brand spells it.
    """
    spelt = require_there(brand, owner)
    if not brand.knows(owner):
        raise stranger(brand, owner, field="owner")
    return spelt


def require_there(brand: Brand, owner: str) -> str:
    """Somebody who left keeps no promise; gives the name as the brand spells it."""
    person = brand.person(owner)
    if person.left:
        raise InvalidInput(f"owner: {owner} has left {brand.id}; name somebody else")
    return _spelt(brand, person.name)


def _spelt(brand: Brand, name: str) -> str:
    """Two spellings of one name would be two people in a report."""
    ours = [person.name for person in brand.team] + [rule.owner for rule in brand.escalation]
    alike = (one for one in ours if same_name(one, name))
    return name if name in ours else next(alike, name)


def stranger(brand: Brand, name: str, *, field: str) -> InvalidInput:
    """What is said of a name that nobody in the team has: who is there instead."""
    there = ", ".join(sorted(person.name for person in brand.team if not person.left))
    return InvalidInput(f"{field}: {name} is not in the team of {brand.id}: {there}")
