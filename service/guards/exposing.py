"""Personal data repeated in public, whoever posted it, and private notes leaked."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.domain.thread import Case
from service.guards.context import CheckContext, Hit
from service.guards.phrases import without_overlaps
from service.guards.sources import case_texts, policy_texts, public_texts
from service.text.folding import fold
from service.text.people import introduced_names
from service.text.personal_data import PersonalData, PersonalKind, find_personal_data
from service.text.references import plain_reference
from service.text.specifics import SpecificKind, find_specifics, granted_by
from service.text.stems import stems
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_privacy.yaml")
_DIGITS = re.compile(r"(?<![\w.,:€$£])\d{3,12}(?![\w%€$£]|[.,:]\d)")
_LONG = re.compile(r"\d{5,}")
_OURS = re.compile(
    r"(?<!\w)(?:us|our|their|line|number is|hotline|uns"
    r"|unser\w*|nas|nasz\w*|infolini\w+|nos|nuestr\w+|call|contact"
    r"|reach|dial|ring|zadzwo\w+|llam\w+|ruf\w*"
    r"|pis\w+|napisz\w*|escrib\w+|schreib\w*|write|mail)(?!\w)(?! you)"
)
_MARKERS = {SpecificKind.COUNT, SpecificKind.NUMBER, SpecificKind.WEEKDAY}
_LEAST_SHARED = 2
_SUGGESTION = "Leave it out: others read this thread, also where the customer posted it."


def known_names(case: Case) -> tuple[str, ...]:
    """Full names that the case gives: of the author, and as people name themselves."""
    introduced = [name for text in case_texts(case) for name in introduced_names(text)]
    return (*([case.complaint.author_name] if case.complaint.author_name else []), *introduced)


def _is_the_brands(found: PersonalData, context: CheckContext) -> bool:
    """A mail or phone that nobody in the case gave and that the reply calls its own."""
    if found.kind not in (PersonalKind.EMAIL, PersonalKind.PHONE):
        return fold(found.text) in fold(context.brand.name)
    told = any(found.plain in plain_reference(text) for text in case_texts(context.case))
    around = [s.text for s in context.sentences if s.start <= found.start < s.end]
    around = [text.replace(found.text, " ") for text in around]
    return not told and any(_OURS.search(fold(text)) for text in around)


def _hit(start: int, end: int, what: str) -> Hit:
    return Hit(
        message=f"Shows {what} of the customer in public.",
        suggestion=_SUGGESTION,
        start=start,
        end=end,
    )


_NOUNS = {
    PersonalKind.EMAIL: "an e-mail address",
    PersonalKind.PHONE: "a phone number",
    PersonalKind.IBAN: "a bank account",
    PersonalKind.CARD: "a card number",
    PersonalKind.ADDRESS: "an address",
    PersonalKind.POSTCODE: "a postcode",
    PersonalKind.REFERENCE: "an order or account number",
    PersonalKind.NATIONAL_ID: "an identity number",
    PersonalKind.NAME: "the surname",
}


def _whole(context: CheckContext) -> Iterator[Hit]:
    for found in find_personal_data(context.reply, known_names(context.case)):
        if not _is_the_brands(found, context):
            yield _hit(found.start, found.end, _NOUNS[found.kind])


def _long_numbers(case: Case) -> set[str]:
    """The digits of every number in the case that could point to a person."""
    numbers: set[str] = set()
    for text in case_texts(case):
        pieces = [found.text for found in find_personal_data(text)] + _LONG.findall(text)
        numbers.update(re.sub(r"\D", "", piece) for piece in pieces)
    return {digits for digits in numbers if len(digits) >= 4}


def _partial(context: CheckContext) -> Iterator[Hit]:
    """The last digits of a number that the customer gave."""
    shown = list(_DIGITS.finditer(context.reply))
    numbers = _long_numbers(context.case) if shown else set()
    measured = {(one.start, one.end) for one in find_specifics(context.reply) if one.unit}
    for match in shown:
        digits = match.group()
        part = any(full != digits and full.endswith(digits) for full in numbers)
        inside = any(low <= match.start() < high for low, high in measured)
        if part and not inside:
            yield _hit(match.start(), match.end(), "part of a number")


def _health(context: CheckContext) -> Iterator[Hit]:
    told = {
        match.group()[:5]
        for text in case_texts(context.case)
        for match in _LISTS["health"].finditer(fold(text))
    }
    for match in _LISTS["health"].finditer(fold(context.reply)) if told else ():
        if match.group()[:5] in told:
            yield _hit(match.start(), match.end(), "a health fact")


def _private_notes(case: Case) -> tuple[str, ...]:
    facts = (*case.known, *((case.resolved,) if case.resolved else ()))
    return tuple(fact.text for fact in facts if fact.private)


def _leaked_values(context: CheckContext, private: str) -> Iterator[Hit]:
    public = granted_by((*public_texts(context.case), *policy_texts(context)))
    secret = granted_by((private,)) - public
    for one in find_specifics(context.reply):
        if one.kind not in _MARKERS and one.readings & secret and not one.readings & public:
            yield _leak(one.start, one.end)


def _leak(start: int, end: int) -> Hit:
    return Hit(
        message="Repeats in public what the agent noted as private.",
        suggestion="Let it shape the reply, and keep it out of the words.",
        start=start,
        end=end,
    )


def _leaked_words(context: CheckContext, private: str) -> Iterator[Hit]:
    told = " ".join((*public_texts(context.case), *policy_texts(context), context.brand.name))
    secret = stems(private) - stems(told) - _EVERYDAY
    delicate = {m.group()[:5] for m in _LISTS["delicate"].finditer(fold(private))} - stems(told)
    for sentence in context.sentences:
        shared = stems(sentence.text) & secret
        if len(shared) >= _LEAST_SHARED or stems(sentence.text) & delicate:
            yield _leak(sentence.start, sentence.end)


_EVERYDAY = stems(
    "refund refunded order customer account replacement parcel courier delivery payment money card"
    " issue issued problem resolved fixed sent solved answer message team shipped today new lamp"
    " zwrot zamówienie klient konto paczka kurier dostawa płatność pieniądze wysłano rozwiązane"
    " reembolso pedido cliente cuenta paquete entrega pago dinero enviado resuelto"
    " Erstattung Bestellung Kunde Konto Paket Lieferung Zahlung Geld verschickt gelöst"
)


def _leaked(context: CheckContext) -> Iterator[Hit]:
    for private in _private_notes(context.case):
        yield from _leaked_values(context, private)
        yield from _leaked_words(context, private)


def exposes_personal_data(context: CheckContext) -> Iterator[Hit]:
    """Personal data of anyone, whole or in part, health facts and private notes, in public."""
    if not context.is_public:
        return
    finders = (_whole, _partial, _health, _leaked)
    yield from without_overlaps(hit for find in finders for hit in find(context))
