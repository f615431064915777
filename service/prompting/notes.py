"""What a brand's people taught, as a prompt shows it: after the voice, which it refines. Pure.

The notes of a scope are always the same words in the same order, so that the beginning of a prompt
stays one that a provider can keep.
"""

from collections.abc import Sequence

from service.domain.learning import Scope, StyleNote
from service.prompting.template import PromptTemplate

MOST_NOTES = 6
_HEADING = "What the people who sign these replies ask for:"


def notes_for(
    template: PromptTemplate, notes: Sequence[StyleNote], scope: Scope
) -> tuple[StyleNote, ...]:
    """The notes that fit a reply, the most specific and newest first; six at most.

    A prompt that does not show the voice, as those for small models, shows no notes either.
    """
    if "voice" not in template.variables:
        return ()
    fitting = [note for note in notes if note.scope.holds(scope)]
    fitting.sort(key=lambda note: (note.decided_at or note.created_at, note.id), reverse=True)
    fitting.sort(key=lambda note: -note.scope.depth)
    once = {note.text: note for note in reversed(fitting)}  # a wider note may say the same
    return tuple(note for note in fitting if once[note.text] is note)[:MOST_NOTES]


def voice_with(voice: str, notes: Sequence[StyleNote]) -> str:
    """The voice with the notes below it; without notes the voice to the letter."""
    lines = [f"- {note.text}" for note in notes]
    return "\n".join([voice, _HEADING, *lines]) if lines else voice
