"""Which versions of a passage are in force once others arrive, and what that changes. Pure.

The newest version counts. An older one is superseded, whatever its own `status` says, for two
versions of one rule are never both true: from the day before the newer one's `valid_from` where
that has one, else at once.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from pydantic import BaseModel

from service.domain.changes import Changes, RowRef
from service.domain.knowledge import PastReply, PolicyPassage, PolicyStatus

_PARTS = re.compile(r"\d+|[^\W\d_]+")


def settled(
    wanted: Sequence[PolicyPassage], stored: Sequence[PolicyPassage], *, keep_old: bool
) -> list[PolicyPassage]:
    """The passages as they are to be stored, by id and version.

    `keep_old`: a stored version that is not among the wanted ones stays, superseded, while its
    id is there; without it, what is not wanted is gone.
    """
    before = _by_id(stored)
    kept: list[PolicyPassage] = []
    for passage_id, versions in _by_id(wanted).items():
        kept += _ordered(versions)
        if keep_old:
            here = {passage.version for passage in versions}
            old = [p for p in before.get(passage_id, []) if p.version not in here]
            newest = max(versions, key=_age)
            kept += [_ended(passage, newest) for passage in old]
    return sorted(kept, key=_key)


def settled_replies(
    wanted: Sequence[PastReply] | None,
    stored: Sequence[PastReply],
    *,
    added: Sequence[PastReply],
    kept: Collection[str],
) -> list[PastReply]:
    """The past replies as they are to be stored, by id; the stored ones named in `kept` stay."""
    first = stored
    if wanted is not None:
        first = [*(reply for reply in stored if reply.id in kept), *wanted]
    by_id = {reply.id: reply for reply in (*first, *added)}
    return [by_id[key] for key in sorted(by_id)]


def policy_changes(before: Sequence[PolicyPassage], after: Sequence[PolicyPassage]) -> Changes:
    """What happens to each version of each passage."""
    old, new = _by_key(before), _by_key(after)
    both = [(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    ended = [now for was, now in both if was != now and _is_ended(was, now)]
    changed = [now for was, now in both if was != now and not _is_ended(was, now)]
    return Changes(
        added=_refs(new[key] for key in sorted(new.keys() - old.keys())),
        changed=_refs(changed),
        superseded=_refs(ended),
        unchanged=_refs(now for was, now in both if was == now),
        removed=_refs(old[key] for key in sorted(old.keys() - new.keys())),
    )


def reply_changes(before: Sequence[PastReply], after: Sequence[PastReply]) -> Changes:
    """What happens to each past reply."""
    old, new = {r.id: r for r in before}, {r.id: r for r in after}
    both = sorted(old.keys() & new.keys())
    return Changes(
        added=_refs(new[key] for key in sorted(new.keys() - old.keys())),
        changed=_refs(new[key] for key in both if old[key] != new[key]),
        unchanged=_refs(new[key] for key in both if old[key] == new[key]),
        removed=_refs(old[key] for key in sorted(old.keys() - new.keys())),
    )


def _by_id(passages: Iterable[PolicyPassage]) -> dict[str, list[PolicyPassage]]:
    found: defaultdict[str, list[PolicyPassage]] = defaultdict(list)
    for passage in passages:
        found[passage.id].append(passage)
    return found


def _by_key(passages: Iterable[PolicyPassage]) -> dict[tuple[str, str], PolicyPassage]:
    return {_key(passage): passage for passage in passages}


def _key(passage: PolicyPassage) -> tuple[str, str]:
    return passage.id, passage.version


def _age(passage: PolicyPassage) -> list[tuple[int, int, str]]:
    """Numbers by their size and letters by the alphabet: 3.10 is newer than 3.9, 2 than 1b."""
    parts = _PARTS.findall(passage.version)
    return [(1, int(p), "") if p.isdecimal() else (0, 0, p.lower()) for p in parts]


def _ordered(versions: Sequence[PolicyPassage]) -> list[PolicyPassage]:
    """One id's versions, each ended by the next newer one that is active."""
    by_age = sorted(versions, key=_age)
    kept: list[PolicyPassage] = []
    newer: PolicyPassage | None = None
    for passage in reversed(by_age):
        kept.append(passage if newer is None else _ended(passage, newer))
        if kept[-1].status is PolicyStatus.ACTIVE:
            newer = passage
    return kept


def _ended(passage: PolicyPassage, newer: PolicyPassage) -> PolicyPassage:
    """The passage as it stands once the newer one is there."""
    if passage.status is PolicyStatus.SUPERSEDED:
        return passage
    always = newer.valid_from in (None, date.min)
    last = newer.valid_from - timedelta(days=1) if newer.valid_from and not always else None
    begins_later = last is not None and passage.valid_from and passage.valid_from > last
    if last is None or begins_later or newer.status is PolicyStatus.SUPERSEDED:
        return passage.model_copy(update={"status": PolicyStatus.SUPERSEDED})
    if passage.valid_to is not None and passage.valid_to <= last:
        return passage
    return passage.model_copy(update={"valid_to": last})


def _is_ended(was: PolicyPassage, now: PolicyPassage) -> bool:
    """Whether all that happened is that the passage's time ended, or its end was set."""
    frame = {"status", "valid_to"}
    if was.model_dump(exclude=frame) != now.model_dump(exclude=frame):
        return False
    over = now.status is PolicyStatus.SUPERSEDED and was.status is PolicyStatus.ACTIVE
    shorter = now.valid_to is not None and (was.valid_to is None or now.valid_to < was.valid_to)
    return over or (was.status is now.status and shorter)


def _refs(items: Iterable[BaseModel]) -> tuple[RowRef, ...]:
    return tuple(
        RowRef(id=item.id, version=item.version)
        if isinstance(item, PolicyPassage)
        else RowRef(id=str(getattr(item, "id", "")))
        for item in items
    )
