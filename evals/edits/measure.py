"""Production's checks and classifier over the labelled pairs, tallied by kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from evals.brands import brand_of, services_for
from evals.edits.rows import EditPair, Split, pairs
from evals.guards.figures import Confusion, Tallies, Tally
from service.bootstrap import Services
from service.domain.checks import CheckReport
from service.domain.edits import EditKind
from service.domain.triage import Triage
from service.embedding.embedder import TextVectors
from service.guards.context import CheckContext
from service.guards.sources import customer_texts
from service.review.edit_kinds import classify
from service.review.edit_signs import Edit

_BRAND = "tidewell"


@dataclass
class Measured:
    """What was found in the pairs, by split."""

    tallies: dict[Split, Tallies] = field(
        default_factory=lambda: {"dev": Tallies(), "test": Tallies()}
    )

    def whole(self, split: Split) -> Tally:
        """All kinds of a split together."""
        kinds = self.tallies[split].by_check
        return sum((self.tallies[split].total(kind) for kind in kinds), Tally())


async def measure() -> Measured:
    """All pairs."""
    measured = Measured()
    async with services_for(()) as services:
        for pair in pairs():
            found = classify(await _edit(services, pair))
            words = f"{', '.join(found) or 'none'} for {', '.join(pair.kinds)}"
            for kind in EditKind:
                measured.tallies[pair.split].add(
                    Confusion(kind, pair.language, pair.id, "", words),
                    marked=kind in pair.kinds,
                    raised=kind in found,
                )
    return measured


async def _edit(services: Services, pair: EditPair) -> Edit:
    vectors = TextVectors(services.embedder)
    triage = await services.triager.triage(pair.case, brand_of(_BRAND), vectors)
    return Edit(
        before=pair.before,
        after=pair.after,
        checked_before=await _checked(services, pair, pair.before, triage),
        checked_after=await _checked(services, pair, pair.after, triage),
        language=pair.language,
        told=customer_texts(pair.case),
        issues=tuple(issue.text for issue in triage.issues),
    )


async def _checked(services: Services, pair: EditPair, reply: str, triage: Triage) -> CheckReport:
    """As an edit is checked in production, without any policy."""
    brand = brand_of(_BRAND)
    context = CheckContext(
        reply=reply,
        case=pair.case,
        brand=brand,
        language=pair.language,
        move=triage.move.kind,
        kind=triage.kind,
        issues=triage.issues,
    )
    return await (await services.guards.of(brand)).check(context)


def lines(measured: Measured) -> Iterator[str]:
    """The figures, kind by kind, and the rows that went wrong."""
    for split, tallies in measured.tallies.items():
        yield f"{split}: {sum(pair.split == split for pair in pairs())} pairs"
        for name, tally in (
            *((kind.value, tallies.total(kind)) for kind in EditKind),
            ("all", measured.whole(split)),
        ):
            yield f"  {name:<24}{tally.precision.words():<30}{tally.recall.words()}"
        for row in tallies.confusions:
            yield f"    {row.row} {row.wrong} {row.check}: {row.text}"
