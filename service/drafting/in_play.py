"""The policy that a reply is held against: what the case leads to, and what the reply speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.domain.brand import Brand
from service.domain.knowledge import Evidence, FoundPassage
from service.domain.thread import ReplyToCheck
from service.domain.triage import Triage
from service.guards.context import CheckContext
from service.guards.grounding import ungranted
from service.guards.shares import rule_for_share, shares_in
from service.knowledge.query import Query, query_for
from service.knowledge.retriever import Retriever
from service.text.sentences import Sentence
from service.text.specifics import granted_by

_EACH = 4
_MOST_CLAIMS = 4
Key = tuple[str, str]


@dataclass(frozen=True)
class InPlay:
    """Passages in play. `near`: those that the complaint leads to, or comes nearest to where it
    leads to none (`led`); `echoed`: those that nothing but the reply's own words led to."""

    policy: tuple[FoundPassage, ...] = ()
    near: frozenset[Key] = frozenset()
    led: bool = False
    echoed: frozenset[Key] = frozenset()

    def with_these(self, found: Iterable[FoundPassage], *, meant: bool = True) -> "InPlay":
        """With passages that the reply led to; `meant`: they count where the complaint is near."""
        known = {key_of(one) for one in self.policy}
        new = tuple(one for one in found if key_of(one) not in known)
        echoed = {key_of(one) for one in new} - (self.near if meant else frozenset())
        return replace(self, policy=(*self.policy, *new), echoed=self.echoed | echoed)


def key_of(passage: FoundPassage) -> Key:
    """What tells one passage from another."""
    return passage.id, passage.version


async def led_to(
    asked: ReplyToCheck, brand: Brand, triage: Triage, *, retriever: Retriever, today: date
) -> InPlay:
    """What the complaint leads to, and what the reply speaks of: it is to be held against it."""
    needed = _bare(query_for(asked, triage, language=triage.language, today=today))
    led = await retriever.retrieve(brand, needed)
    spoken = await retriever.retrieve(brand, replace(needed, points=(asked.reply,), told=""))
    return InPlay(led.policy, _near(led), bool(led.policy)).with_these(spoken.policy)


def _bare(query: Query) -> Query:
    return replace(query, policy=_EACH, past_replies=0)


def _near(led: Evidence) -> frozenset[Key]:
    """What the complaint leads to; where that is nothing, what came nearest: across languages few
    rules pass the cut-off."""
    return frozenset((one.id, one.version) for one in (led.policy or led.cut)[:_EACH])


async def looked_up(
    in_play: InPlay, context: CheckContext, *, retriever: Retriever, today: date
) -> InPlay:
    """With the rules that the reply means where it states what nothing in play carries.

    Only the very first that a sentence leads to is meant, for a figure stands in many rules. Where
    the complaint led nowhere, as across languages, the second is worth a warning.
    """
    for sentence in _unheld(context)[:_MOST_CLAIMS]:
        query = Query(
            points=(sentence.text,), language=context.language, today=today, cut_off=False
        )
        found = (await retriever.retrieve(context.brand, _bare(query))).policy
        for place, passage in enumerate(found[: 1 if in_play.led else 2]):
            if _holds(passage, sentence, context):
                in_play = in_play.with_these([passage], meant=place == 0)
                break
    return in_play


def _unheld(context: CheckContext) -> list[Sentence]:
    """The reply's sentences with a figure or a share that nothing in play holds."""
    places = [one.start for one in ungranted(context)]
    return [
        one
        for one in context.sentences
        if any(one.start <= place < one.end for place in places)
        or (shares_in(one.text) and rule_for_share(one.text, context) is None)
    ]


def _holds(passage: FoundPassage, sentence: Sentence, context: CheckContext) -> bool:
    """Whether the passage says a value that the sentence states."""
    grants = granted_by((passage.text,))
    figures = (one for one in ungranted(context) if sentence.start <= one.start < sentence.end)
    told = replace(context, policy=(passage,))
    return any(one.readings & grants for one in figures) or (
        rule_for_share(sentence.text, told) is not None
    )
