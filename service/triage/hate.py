"""Hate, threats and insults in a customer's post, read without any language model.

Words are tagged (hostile_words.py), their bearing on each other is read off (evidence.py), and a
linear head weighs it together with the sentence's vector (hate_head.py). Nothing is hate without
a group that is protected, or somebody sent back to where they come from: anger at things, firms,
trades and single people is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from service.embedding.embedder import Vectors
from service.text.sentences import Sentence
from service.triage.hate_head import load_hate_head
from service.triage.hate_marks import ATTACKS, Marked, marked_clauses, numbers
from service.triage.insults import insults_in, is_countered, threats_in
from service.triage.sent_home import sent_home
from service.triage.tagging import clauses_of

_WHY = {
    "slur": "a slur",
    "bound_slur": "a slur",
    "dehuman": "likens people to beasts, dirt or disease",
    "derog": "says that a group is bad by nature",
    "insulted": "insults a group",
    "emote": "states hatred of a group",
    "repel": "states disgust at a group",
    "implicit": "degrades a group without saying so",
    "cursed": "curses a group",
    "denied": "denies a group what is owed to everybody",
    "unwanted": "tells a group that it does not belong",
    "kill_wish": "wishes or threatens violence on a group",
    "killed": "speaks of violence against a group",
    "expel_wish": "wants a group expelled or locked away",
    "expelled": "speaks of expelling a group",
    "willkill": "threatens a group",
    "group": "an attack on this group",
}
_SENT_HOME = "tells people to leave for where they come from"


@dataclass(frozen=True, slots=True)
class HostileSpan:
    """A place in the text, in Unicode code points, and what is wrong there."""

    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True)
class Hostility:
    """What a post holds: hate is aimed at a protected group, the others at anybody."""

    hate: bool = False
    threat: bool = False
    insult: bool = False
    targets: tuple[str, ...] = ()
    spans: tuple[HostileSpan, ...] = ()
    objects: bool = False
    """Somebody else's hostile words are told in order to object to them."""
    swears: bool = False
    """There is swearing, at whatever it may be."""

    def __bool__(self) -> bool:
        return self.hate or self.threat or self.insult


@dataclass(frozen=True)
class EmbeddedPoints:
    """Sentences of the text with their vectors, shape (points, dimensions), query side."""

    points: Sequence[Sentence]
    vectors: Vectors

    def between(self, start: int, end: int) -> Vectors | None:
        """The mean vector of what stands there, longer sentences weighing more."""
        inside = [n for n, p in enumerate(self.points) if p.start < end and p.end > start]
        if not inside:
            return None
        lengths = np.array([len(self.points[n].text) for n in inside], np.float32)
        return np.asarray(lengths @ self.vectors[inside] / lengths.sum(), np.float32)


@dataclass(frozen=True)
class MarkedPost:
    """A post with what its words mean for each other."""

    text: str
    clauses: Sequence[Marked]

    @property
    def names_target(self) -> bool:
        """Whether people are named for what they are, or somebody is called by a slur."""
        return any(one.names_target for one in self.clauses)


def marked_post(text: str, language: str) -> MarkedPost:
    """The marks in a text; `language` is ISO 639-1, any but en, pl, es, de reads as all."""
    return MarkedPost(text, marked_clauses(clauses_of(text, language)))


def read_hostility(text: str, language: str, embedded: EmbeddedPoints | None = None) -> Hostility:
    """What is hostile in a text, marked and weighed in one go."""
    return hostility_of(marked_post(text, language), embedded)


def hostility_of(post: MarkedPost, embedded: EmbeddedPoints | None = None) -> Hostility:
    """What is hostile in a post; the sense of its sentences weighs where people are named."""
    text, marked = post.text, post.clauses
    hateful = [n for n in range(len(marked)) if _is_hate(marked, n, embedded)]
    hate_spans = [span for n in hateful for span in _hate_spans(text, marked[n])]
    threats = [span for one in marked for span in _spans(text, one, threats_in(one), "a threat")]
    insults = [span for one in marked for span in _spans(text, one, insults_in(one), "an insult")]
    home = [HostileSpan(*place, text[slice(*place)], _SENT_HOME) for place in sent_home(text)]
    wished = any("kill_wish" in marked[n].found for n in hateful)
    found = dict.fromkeys((*hate_spans, *home, *threats, *insults))
    return Hostility(
        hate=bool(hateful or home),
        threat=bool(threats) or wished,
        insult=bool(insults),
        targets=tuple(dict.fromkeys(t for n in hateful for t in _targets(marked[n]))),
        spans=tuple(sorted(found, key=lambda span: (span.start, span.end))),
        objects=any(is_countered(one) for one in marked),
        swears=any(one.clause.at("intens") for one in marked),
    )


def _is_hate(marked: Sequence[Marked], at: int, embedded: EmbeddedPoints | None) -> bool:
    """Whether the sentence, read with its neighbours, is hate against a group that is named."""
    window = marked[max(0, at - 1) : at + 2]
    if not any(one.names_target for one in window):
        return False
    start, end = window[0].clause.start, window[-1].clause.end
    vector = embedded.between(start, end) if embedded else None
    return load_hate_head().score(numbers(window), vector) > 0


def _hate_spans(text: str, marked: Marked) -> Iterator[HostileSpan]:
    attacks = [m for m in (*ATTACKS, "slur", "bound_slur") if m in marked.found]
    for mark in attacks or (["group"] if "group" in marked.found else []):
        yield from _spans(text, marked, marked.found[mark], _WHY[mark])


def _spans(text: str, marked: Marked, places: Sequence[int], why: str) -> Iterator[HostileSpan]:
    """Neighbouring words of one kind make one span."""
    words = marked.clause.words
    first = 0
    for n in range(len(places)):
        if n + 1 < len(places) and places[n + 1] == places[n] + 1:
            continue
        start, end = words[places[first]].word.start, words[places[n]].word.end
        yield HostileSpan(start, end, text[start:end], why)
        first = n + 1


def _targets(marked: Marked) -> Iterator[str]:
    for mark in ("group", "slur", "bound_slur"):
        for place in marked.found.get(mark, ()):
            yield marked.clause.words[place].word.form
