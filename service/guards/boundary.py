"""A boundary statement that draws no boundary."""

import re
from collections.abc import Iterator

from service.domain.triage import MoveKind
from service.guards.context import CheckContext, Hit
from service.text.folding import fold

_BOUNDARY = re.compile(
    r"(?:n't|not) (?:acceptable|accepted|okay|ok|welcome|something we accept)|unacceptable|"
    r"no place (?:here|on)|community (?:terms|guidelines|rules)|insults? aside|"
    r"keep (?:it|this) (?:civil|respectful)|"
    r"nie do przyjecia|nie akceptuj\w+|niedopuszczaln\w+|nie ma (?:tu |na nie )?miejsca|"
    r"regulamin\w*|zasad\w* spolecznosci|obelgi|"
    r"no (?:se admite|es aceptable|aceptamos|toleramos|tienen? sitio)|inaceptable|"
    r"normas de (?:la )?comunidad|insultos|"
    r"keinen platz|nicht (?:akzeptabel|in ordnung|hinnehmbar)|inakzeptabel|community-regeln|"
    r"netiquette|beleidigungen"
)


def find_missing_boundary(context: CheckContext) -> Iterator[Hit]:
    """Nothing to point at: the finding is about what is not there."""
    if context.move is not MoveKind.BOUNDARY_STATEMENT or _BOUNDARY.search(fold(context.reply)):
        return
    yield Hit(
        message="The customer wrote abuse, and the reply does not say that it is not acceptable.",
        suggestion="Say once, calmly, that such language has no place here, and name the terms.",
    )
