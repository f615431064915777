"""From what is known to the messages a model reads. Pure: the same input, the same bytes."""

from collections.abc import Sequence
from typing import Any

from service.domain.base import Frozen
from service.domain.brand import Brand
from service.domain.checks import Finding
from service.domain.draft import ChatMessage, PromptRef
from service.domain.knowledge import Evidence, FoundPassage, FoundReply
from service.domain.learning import StyleNote
from service.domain.thread import Case
from service.domain.triage import Kind, Triage
from service.prompting.notes import voice_with
from service.prompting.promised import promised
from service.prompting.template import PromptTemplate
from service.text.blanking import blank_specifics
from service.text.fences import escape, fence
from service.text.instructions import find_instructions
from service.text.sentences import Sentence, split_sentences
from service.text.specifics import SpecificKind, find_specifics
from service.text.stems import stems
from service.text.windows import first_window

LANGUAGE_NAMES = {
    "en": "English",
    "pl": "Polish",
    "es": "Spanish",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "cs": "Czech",
    "uk": "Ukrainian",
}

_SOLVED = "it is solved."
_NO_TERMS = "none are written, so name none"
_JOINED = (",", ".", "!", "?", ":", ";")
_NOTHING_SAID = "(a message without a complaint or a question in it)"
# The compact prompt may take 700 tokens, of which its stable beginning takes about 460.
_CASE_CHARS = 860
_ASIDE_CHARS = 140
_LEAST_COMPLAINT_CHARS = 300
_LEAST_PASSAGE_CHARS = 100
_LONGEST_SENTENCE = 300
_GRANTED = frozenset({SpecificKind.AMOUNT, SpecificKind.PERCENTAGE})


class RenderedPrompt(Frozen):
    """The messages of one question to a model, and where they came from."""

    messages: tuple[ChatMessage, ...]
    prompt: PromptRef
    answer: str
    stop: tuple[str, ...] = ()
    opening: str = ""

    def whole(self, answer: str) -> str:
        """The answer with its opening; some servers repeat the opening and some don't."""
        text = answer.lstrip()
        if _as_typed(text).startswith(_as_typed(self.opening)):
            return text
        return f"{self.opening}{'' if text.startswith(_JOINED) else ' '}{text}"


def _as_typed(text: str) -> str:
    return text.casefold().replace("’", "'")


class PromptInput(Frozen):
    """All that a prompt may show."""

    brand: Brand
    case: Case
    triage: Triage
    evidence: Evidence
    language: str
    max_chars: int
    overdue: bool = False
    """Whether a promise that the reply is about is late."""
    notes: tuple[StyleNote, ...] = ()


def render(template: PromptTemplate, given: PromptInput) -> RenderedPrompt:
    """Brand voice and rules first (the stable prefix), then evidence, then the fenced words."""
    values = _values(template, given)
    messages = [ChatMessage(role="system", content=template.fill(template.system, values))]
    for example in template.fixed_examples:
        messages += _turn(template, example.user, example.assistant, values)
    for reply in _examples(template, given):
        messages += _past_turn(template, reply, values)
    messages.append(ChatMessage(role="user", content=template.fill(template.user, values)))
    opening = template.opening(given.triage.move.kind, given.triage.kind)
    return RenderedPrompt(
        messages=(*messages, *_opened(opening)),
        prompt=template.ref,
        answer=template.answer,
        stop=template.stop,
        opening=opening,
    )


def render_revision(
    template: PromptTemplate,
    rendered: RenderedPrompt,
    *,
    reply: str,
    findings: Sequence[Finding],
    given: PromptInput,
) -> RenderedPrompt:
    """The same messages, then the draft, then what the checks found, in words."""
    listed = [
        {"text": escape(f.span.text or ""), "message": f.message, "suggestion": f.suggestion}
        for f in findings
    ]
    values = {**_values(template, given), "findings": listed}
    more = (
        ChatMessage(role="assistant", content=reply),
        ChatMessage(role="user", content=template.fill(template.revise, values)),
        *_opened(rendered.opening),
    )
    asked = rendered.messages[:-1] if rendered.opening else rendered.messages
    return rendered.model_copy(update={"messages": (*asked, *more)})


def _opened(opening: str) -> tuple[ChatMessage, ...]:
    """The reply's first words as the beginning of the model's own turn, which it continues."""
    return (ChatMessage(role="assistant", content=opening),) if opening else ()


def _turn(
    template: PromptTemplate, user: str, assistant: str, values: dict[str, Any]
) -> list[ChatMessage]:
    return [
        ChatMessage(role="user", content=template.fill(user, values)),
        ChatMessage(role="assistant", content=template.fill(assistant, values)),
    ]


def _past_turn(
    template: PromptTemplate, reply: FoundReply, values: dict[str, Any]
) -> list[ChatMessage]:
    if template.example is None:
        return []
    shown = {
        "example_complaint": escape(reply.complaint),
        "example_reply": escape(blank_specifics(reply.reply)),
    }
    return _turn(template, template.example.user, template.example.assistant, {**values, **shown})


def _examples(template: PromptTemplate, given: PromptInput) -> tuple[FoundReply, ...]:
    """Style is shown only in the language of the answer, so that it never leaks another."""
    fitting = [r for r in given.evidence.past_replies if r.language == given.language]
    return tuple(fitting[: template.max_examples])


def _values(template: PromptTemplate, given: PromptInput) -> dict[str, Any]:
    case, brand = given.case, given.brand
    move = given.triage.move
    values: dict[str, Any] = {
        "brand_name": brand.name,
        "voice": voice_with(brand.voice.strip(), given.notes),
        "signature": brand.signature,
        "guidelines": brand.community_guidelines.strip() or _NO_TERMS,
        "links": brand.contact.allowed_links,
        "never_in_public": brand.contact.never_in_public,
        "windows": brand.follow_up_windows,
        "window": _window_words(brand),
        "private_way": brand.contact.private_way(case.channel) or "",
        "language": LANGUAGE_NAMES.get(given.language, given.language),
        "max_chars": given.max_chars,
        "channel": case.channel.value,
        "public": case.is_public,
        "kind": given.triage.kind.value,
        "issues": [escape(issue.text) for issue in given.triage.issues],
        "passages": _passages(template, given),
        "past_replies": _shown_replies(template, given),
        "thread": _thread(template, case),
        "complaint": _complaint(template, given),
        "known": _known(template, given),
        "known_private": [escape(f.text) for f in case.known if f.private],
        "resolved": _resolved(case),
        "resolved_private": bool(case.resolved and case.resolved.private),
        "instruction": escape(case.options.instruction or ""),
        "example_complaint": "",
        "example_reply": "",
        "findings": [],
    }
    values["move"] = template.fill(template.moves[move.kind], values)
    return values


def _window_words(brand: Brand) -> str:
    """The time that may be promised, as a clause: "by 18:00 the next working day"."""
    window = first_window(brand.follow_up_windows)
    return (window and window.words("en")) or brand.follow_up_windows[0]


def _passages(template: PromptTemplate, given: PromptInput) -> list[dict[str, str]]:
    praised = given.triage.kind is Kind.COMPLIMENT and template.answer == "text"
    # A small model reads a rule out to whoever it is shown to, also under praise.
    chosen = () if praised else given.evidence.policy[: template.max_passages]
    limit = _passage_chars(template, given)
    shown = [(passage, _part(passage, given.case, limit)) for passage in chosen]
    return [
        {"id": passage.id, "version": passage.version, "title": passage.title, "text": text}
        for passage, text in shown
        if text
    ]


def _part(passage: FoundPassage, case: Case, limit: int) -> str:
    """The passage, or, where it is too long for this prompt, the sentences nearest to the case."""
    if len(passage.text) <= limit:
        return passage.text
    wanted = stems(case.complaint.text)
    sentences = split_sentences(passage.text)
    chosen: set[int] = set()
    for place in sorted(range(len(sentences)), key=lambda n: -_nearness(sentences[n], wanted)):
        taken = sum(len(sentences[n].text) + 1 for n in (*chosen, place))
        # A rule cut in the middle would lose its condition: whole sentences, or none.
        alone = not chosen and limit >= _LEAST_PASSAGE_CHARS
        if taken <= limit or (alone and taken <= _LONGEST_SENTENCE):
            chosen.add(place)
    return " ".join(sentences[n].text for n in sorted(chosen))


def _nearness(sentence: Sentence, wanted: frozenset[str]) -> float:
    """Words shared with the complaint; a sentence that grants something counts for more."""
    kinds = {one.kind for one in find_specifics(sentence.text)}
    grants = 2.5 if kinds & _GRANTED else 0.0
    return len(stems(sentence.text) & wanted) + grants


def _shown_replies(template: PromptTemplate, given: PromptInput) -> list[dict[str, str]]:
    return [
        {"complaint": escape(r.complaint), "reply": escape(blank_specifics(r.reply))}
        for r in _examples(template, given)
    ]


def _thread(template: PromptTemplate, case: Case) -> list[dict[str, str]]:
    shown = case.others[-2:] if template.answer == "text" else case.others
    return [{"author": message.author.value, "text": escape(message.text)} for message in shown]


def _known(template: PromptTemplate, given: PromptInput) -> list[str]:
    case = given.case
    public = [escape(fact.text) for fact in case.known if not fact.private]
    if case.due is not None:
        zone = given.brand.timezone
        public.insert(0, promised(case.due, overdue=given.overdue, zone=zone))
    return [fact[:_ASIDE_CHARS] for fact in public[-1:]] if template.answer == "text" else public


def _resolved(case: Case) -> str:
    """How it was solved; what a public reply must not repeat is not shown either."""
    if case.resolved is None:
        return ""
    return _SOLVED if case.resolved.private and case.is_public else escape(case.resolved.text)


def _asides(case: Case) -> int:
    """The characters that thread, known facts and the rest take from a small model's prompt."""
    texts = [message.text for message in case.others[-2:]]
    texts += [fact.text for fact in case.known if not fact.private][-1:]
    texts += [case.resolved.text if case.resolved else "", case.options.instruction or ""]
    return sum(min(len(text), _ASIDE_CHARS) for text in texts)


def _complaint(template: PromptTemplate, given: PromptInput) -> str:
    """Fenced where the model understands a fence; on one escaped line where lines are the fence."""
    text, limit = given.case.complaint.text, template.max_complaint_chars
    if template.answer == "json":
        return fence("customer_message", _shortened(text, limit))
    limit = max(limit - _asides(given.case), _LEAST_COMPLAINT_CHARS)
    return " ".join(escape(_shortened(_without_instructions(text), limit)).split())


def _passage_chars(template: PromptTemplate, given: PromptInput) -> int:
    """What a passage may take: with a small model, its share of the room the case leaves."""
    if template.answer == "json":
        return template.max_passage_chars
    left = _CASE_CHARS - _asides(given.case) - len(_complaint(template, given))
    return min(template.max_passage_chars, left // max(template.max_passages, 1))


def _without_instructions(text: str) -> str:
    """A small model obeys whatever it reads, so planted instructions are not shown to it."""
    kept, reached = "", 0
    for span in find_instructions(text):
        kept += text[reached : span.start]
        reached = span.end or reached
    return (kept + text[reached:]).strip() or _NOTHING_SAID


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
