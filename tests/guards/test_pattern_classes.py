"""Each class of wording that the pattern checks know: what they stop, and what stands close by."""
# ruff: noqa: E501

import pytest

from service.domain.thread import KnownFact
from service.domain.triage import MoveKind
from service.guards.registry import CHECKS
from tests.guards.factories import context

_POST = "Where is my comment from yesterday? And my lamp, says Jane Okafor of 14 Larkspur Close, order 88213407."
_NOTE = KnownFact(text="Paid with the card ending 5521; off work after surgery.", private=True)
_ASK, _SHOW, _LINK = "asks_private_data_publicly", "exposes_personal_data", "unlisted_link"
_LEAVE, _SLOT, _LANGUAGE = "off_platform_move", "placeholder_left", "wrong_language"
_DELETE, _PLACE, _WE = "mentions_deletion", "speaks_as_customer", "corporate_we"
_BOUNDARY, _FOUL = "missing_boundary", "hate_or_profanity"

STOPPED: list[tuple[str, str, str]] = [
    # a question that names the data indirectly, a bare one, a pronoun for it, a picture of it
    (_ASK, "en", "Which street was it meant for?"),
    (_ASK, "en", "And the surname?"),
    (_ASK, "en", "There is a code on the label. Paste it below."),
    (_ASK, "es", "Me basta con una foto de la factura."),
    (_ASK, "de", "Auf welchen Namen läuft das?"),
    (_ASK, "pl", "Wystarczą mi ostatnie cztery cyfry."),
    (_ASK, "en", "Did you need stitches?"),
    # parts: surname, street, end of a number, number in groups, a private note
    (_SHOW, "en", "The note says Okafor on it."),
    (_SHOW, "en", "The van was in Larkspur Close."),
    (_SHOW, "pl", "Paczka z końcówką 407 jest u mnie."),
    (_SHOW, "en", "It went off the card with 5521."),
    (_SHOW, "en", "Rest well after the surgery."),
    # schemes, other alphabets, spoken dots
    (_LINK, "en", "See http://lampwick.example/help for more."),
    (_LINK, "en", "See lаmpwick.example/help for more."),
    (_LINK, "de", "Mehr auf lampwick punkt example."),
    # chats elsewhere, mail as the better way, messengers with endings
    (_LEAVE, "en", "Open the chat in our app."),
    (_LEAVE, "de", "Am besten per Mail."),
    (_LEAVE, "pl", "Odezwij się na Telegramie."),
    # slots: capitals, empty values, salutations, notes to colleagues
    (_SLOT, "de", "Hallo VORNAME, die Lampe kommt."),
    (_SLOT, "en", "It comes on XX/XX."),
    (_SLOT, "es", "Sale el DIA. Estimado/a amiga."),
    (_SLOT, "de", "Kommt morgen (vor dem Absenden prüfen, mit Jan klären)."),
    # set phrases and other alphabets
    (_LANGUAGE, "en", "The lamp ships today. Un saludo, Ania"),
    (_LANGUAGE, "de", "Dobry den, die Lampe kommt morgen."),
    # posts that go: named, as a noun of the deed, by a pronoun
    (_DELETE, "en", "Perhaps you could take your stars back."),
    (_DELETE, "pl", "Czy mogę prosić o usunięcie opinii?"),
    (_DELETE, "es", "Lo hemos ocultado."),
    (_DELETE, "de", "Den haben wir ausgeblendet."),
    # complaining, demanding, pleading
    (_PLACE, "en", "You sold me a broken lamp."),
    (_PLACE, "pl", "Czuję się oszukana."),
    (_PLACE, "es", "Nadie me hace caso."),
    (_PLACE, "de", "Wie lange muss ich noch warten?"),
    # a boundary is about a way of speaking
    (_BOUNDARY, "en", "It is not acceptable that you had to write twice."),
    (_BOUNDARY, "de", "Uns ist ein guter Umgang wichtig."),
    # masks, broken-off words, compounds
    (_FOUL, "de", "So ein Sch..., wirklich."),
    (_FOUL, "en", "What a f🤬ck of a day."),
    (_FOUL, "de", "Dreckscheiße."),
    # the name or the house as the one who speaks
    (_WE, "en", "Lampwick regrets the broken lamp."),
    (_WE, "de", "Kundenzufriedenheit hat bei uns Priorität."),
]  # fmt: skip
PASSED: list[tuple[str, str, str]] = [
    (_ASK, "en", "Please leave your address out of it. Which phone do you have?"),
    (_ASK, "en", "I've asked which street the van took."),
    (_ASK, "en", "Paste the model number below."),
    (_ASK, "pl", "Odpowiem w ciągu 14 dni, proszę o zdjęcie lampy."),
    (_SHOW, "en", "Jane, the LX-220 has a fuse. Marta Zielińska"),
    (_SHOW, "en", "Ring the depot before 14:00."),
    (_LINK, "en", "Sorry.It is late. See https://lampwick.example/help."),
    (_LEAVE, "pl", "Kurier zadzwoni godzinę wcześniej."),
    (_LEAVE, "de", "Bei 80 % kommt eine SMS."),
    (_SLOT, "en", "Press [OK] or the button marked <Start>. The XL fits. <3"),
    (_LANGUAGE, "es", "Si es Saver, son 9 €."),
    (_LANGUAGE, "pl", "Hej Ola, sorry za zwłokę!"),
    (_DELETE, "en", "Your account and your data: it's gone, I'll confirm tomorrow."),
    (_DELETE, "de", "Der Fleck lässt sich entfernen."),
    (_PLACE, "en", "I'm waiting for the depot to tell me more."),
    (_PLACE, "pl", "Pół godziny i kolejka."),
    (_PLACE, "de", "Ich warte auf den Rückruf vom Lager."),
    (_BOUNDARY, "en", "I won't have our people spoken of like that."),
    (_BOUNDARY, "pl", "Proszę jednak o trochę kultury."),
    (_BOUNDARY, "es", "Te pido que dejemos los insultos fuera."),
    (_FOUL, "en", "Did A&E help? A niggling rattle, K*** wrote."),
    (_FOUL, "pl", "Proszę wsunąć w głąb szafy."),
    (_WE, "en", "I know Lampwick was late. Within 14 days we take it back. Marta"),
]  # fmt: skip


def _raises(check: str, language: str, reply: str) -> bool:
    checked = context(
        reply,
        complaint=_POST,
        language=language,
        channel="facebook",
        known=(_NOTE,),
        move=MoveKind.BOUNDARY_STATEMENT,
    )
    return bool(list(CHECKS[check].find(checked)))


@pytest.mark.parametrize(("check", "language", "reply"), STOPPED)
def test_a_class_of_wording_is_stopped(check: str, language: str, reply: str) -> None:
    assert _raises(check, language, reply)


@pytest.mark.parametrize(("check", "language", "reply"), PASSED)
def test_what_stands_close_by_passes(check: str, language: str, reply: str) -> None:
    assert not _raises(check, language, reply)
