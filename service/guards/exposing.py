"""Personal data repeated in public, whoever posted it, and private notes leaked."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.domain.thread import Case
from service.guards.context import CheckContext, Hit
from service.guards.fragments import (
    is_model,
    is_our_own_name,
    names_given,
    numbers_shown,
    private_numbers_shown,
    streets_shown,
    surnames_shown,
)
from service.guards.phrases import without_overlaps
from service.guards.sources import case_texts, policy_texts, public_texts
from service.text.folding import fold
from service.text.personal_data import PersonalData, PersonalKind, find_personal_data
from service.text.references import plain_reference
from service.text.specifics import SpecificKind, find_specifics, granted_by
from service.text.stems import stems
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_privacy.yaml")
_OURS = re.compile(
    r"(?<!\w)(?:me|my|us|our|mnie|mich|mein\w*|their|line|number is|hotline|uns"
    r"|unser\w*|nas|nasz\w*|infolini\w+|nos|nuestr\w+|call|contact"
    r"|reach|dial|ring|zadzwo\w+|llam\w+|ruf\w*"
    r"|pis\w+|napisz\w*|escrib\w+|schreib\w*|write|mail)(?!\w)(?! you)"
)
_THEIRS = re.compile(
    r"(?<!\w)(?:your|you (?:on|at|under)|account|dein\w*|ihre?\w{0,2}|dich (?:unter|auf)|sie unter"
    r"|twoj\w*|pan\w*|cie pod|tu|su|te llam\w+|le llam\w+|al)(?!\w)"
)
_MARKERS = {SpecificKind.COUNT, SpecificKind.NUMBER, SpecificKind.WEEKDAY}
_LEAST_SHARED = 2
_SUGGESTION = "Leave it out: others read this thread, also where the customer posted it."


def _is_told(found: PersonalData, case: Case) -> bool:
    return any(found.plain in plain_reference(text) for text in case_texts(case))


def _is_the_brands(found: PersonalData, context: CheckContext) -> bool:
    """A mail or phone that nobody in the case gave, and that the reply does not call theirs."""
    if found.kind is PersonalKind.NAME:
        own = is_our_own_name(found.text, context.reply, found.end, context.brand)
        return own and not _is_told(found, context.case)
    if found.kind not in (PersonalKind.EMAIL, PersonalKind.PHONE):
        return fold(found.text) in fold(context.brand.name)
    domain = found.text.rpartition("@")[2].lower()
    if found.kind is PersonalKind.EMAIL and domain in context.brand.mentions.domains:
        return True
    if _is_told(found, context.case):
        return False
    around = [s.text for s in context.sentences if s.start <= found.start < s.end]
    around = [fold(text.replace(found.text, " ")) for text in around]
    phone = found.kind is PersonalKind.PHONE
    return any(_OURS.search(text) or (phone and not _THEIRS.search(text)) for text in around)


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
    for found in find_personal_data(context.reply, names_given(context.case)):
        own = _is_the_brands(found, context) or is_model(found, context.reply, context.case)
        if not own:
            yield _hit(found.start, found.end, _NOUNS[found.kind])


def _partial(context: CheckContext) -> Iterator[Hit]:
    """The last digits, the street or the surname alone."""
    for start, end in numbers_shown(context.reply, context.case):
        yield _hit(start, end, "part of a number")
    for start, end in streets_shown(context.reply, context.case):
        yield _hit(start, end, "part of an address")
    for start, end in surnames_shown(context.reply, context.case):
        if not is_our_own_name(context.reply[start:end], context.reply, end, context.brand):
            yield _hit(start, end, "the surname")


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
    return tuple(fact.text for fact in case.facts if fact.private)


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
        for start, end in private_numbers_shown(context.reply, context.case, private):
            yield _leak(start, end)
        yield from _leaked_values(context, private)
        yield from _leaked_words(context, private)


def exposes_personal_data(context: CheckContext) -> Iterator[Hit]:
    """Personal data of anyone, whole or in part, health facts and private notes, in public."""
    if not context.is_public:
        return
    finders = (_whole, _partial, _health, _leaked)
    yield from without_overlaps(hit for find in finders for hit in find(context))
