"""What a prompt shows before any complaint: the stable beginning that a local server can read."""

from service.domain.brand import Brand
from service.domain.knowledge import Evidence
from service.domain.thread import Case
from service.domain.triage import DeadlineClass, Kind, Move, MoveKind, Triage
from service.prompting.rendering import PromptInput


def nothing_known(brand: Brand, case: Case) -> PromptInput:
    """The input of a prompt about nothing yet."""
    move = Move(kind=MoveKind.PUBLIC_REPLY, reason="")
    triage = Triage(
        kind=Kind.QUESTION,
        language=brand.languages[0],
        move=move,
        deadline_class=DeadlineClass.NORMAL,
    )
    return PromptInput(
        brand=brand,
        case=case,
        triage=triage,
        evidence=Evidence(),
        language=triage.language,
        max_chars=brand.max_chars(case.channel),
    )
