"""The reply in the language it should be in, whole and in its parts."""
# ruff: noqa: E501

import pytest

from service.domain.checks import Severity
from service.guards.language import find_wrong_language
from tests.guards.factories import context

RIGHT = [
    ("pl", "Przykro mi, że paczka nie dotarła. Sprawdzę to i odpiszę jutro do 12. Sorry! Ania"),
    ("pl", "Przykro mi, że Lampwick Glow Mini Classic przyszła rozbita. Napisz do mnie w DM."),
    ("pl", "Hi Kasia! Przykro mi z powodu opóźnienia."),
    ("pl", "Wejdź w „Manage my delivery preferences” i zmień adres."),
    ("pl", "Thank you!"),
    ("de", "Das tut mir leid, Anna. Ich schaue im Live Chat Backend nach und schreibe dir eine DM."),
    ("de", "Sorry, das hätte nicht passieren dürfen!"),
    ("de", "Geh auf Settings > Account > Change delivery address und tippe darauf."),
    ("de", "Hey Tom, sorry dass das Paket weg ist. No worries, ich kümmere mich drum."),
    ("es", "Siento que tu Lampwick Evening Glow Table Lamp llegara rota. ¿Me escribes por privado?"),
    ("es", 'Entiendo el enfado por el "delivered but nothing at the door". Lo miro hoy.'),
    ("en", "Sorry about the doorbell, José. Is it Calle de la Princesa de Asturias?"),
    ("en", "Thanks, Grzegorz. The lamp shop at Nowy Świat Street should have told you."),
    ("en", "Gracias! I'm sorry the lamp was broken. ^KP"),
    ("en", "Go to Einstellungen > Konto > Adressen ändern and tap it."),
    ("en", "See https://lampwick.example/help for the opening hours."),
]  # fmt: skip

WRONG = [
    ("pl", "Przykro mi z powodu opóźnienia. Please send us a direct message so we can help.",
     ["Please send us a direct message so we can help."]),
    ("pl", "Przykro mi z powodu opóźnienia, please send me a direct message with the details.",
     ["Przykro mi z powodu opóźnienia, please send me a direct message with the details."]),
    ("pl", "I'm sorry the lamp arrived broken.", ["I'm sorry the lamp arrived broken."]),
    ("pl", "Дуже шкода, що посилка не прийшла.", ["Дуже шкода, що посилка не прийшла."]),
    ("de", "Lo siento mucho, no debería haber pasado.",
     ["Lo siento mucho, no debería haber pasado."]),
    ("de", "We at Lampwick are sorry for the delay.", ["We at Lampwick are sorry for the delay."]),
    ("es", "Ci dispiace molto per quello che è successo.",
     ["Ci dispiace molto per quello che è successo."]),
    ("es", "Lamento muito o atraso da sua encomenda e vou verificar agora.",
     ["Lamento muito o atraso da sua encomenda e vou verificar agora."]),
    ("en", "Es tut mir leid. I will check today.", ["Es tut mir leid."]),
    ("fr", "I'm sorry about the delay, truly.", ["I'm sorry about the delay, truly."]),
    ("pl", "Paczka jutro dotrze. Best regards, Ania", ["Best regards"]),
    ("en", "Dzień dobry! The lamp ships today.", ["Dzień dobry"]),
    ("es", "La lámpara sale hoy. Viele Grüße, Ania", ["Viele Grüße"]),
    ("de", "Die Lampe kommt morgen. Saludos, Ania", ["Saludos"]),
    ("en", "The lamp ships today. Дякую, Ania", ["Дякую"]),
    ("en", '"Przykro mi, że lampa przyszła rozbita."', ['"Przykro mi, że lampa przyszła rozbita."']),
]  # fmt: skip


@pytest.mark.parametrize(("language", "reply"), RIGHT)
def test_names_loan_words_and_quotes_do_not_count(language: str, reply: str) -> None:
    assert not list(find_wrong_language(context(reply, language=language)))


@pytest.mark.parametrize(("language", "reply", "strays"), WRONG)
def test_a_stray_sentence_is_named_whole(language: str, reply: str, strays: list[str]) -> None:
    hits = list(find_wrong_language(context(reply, language=language)))
    assert [reply[hit.start : hit.end] for hit in hits] == strays


def test_a_language_that_the_brand_does_not_speak_is_only_noted() -> None:
    asked = "Le livreur a laissé mes courses sous la pluie et personne ne répond."
    (hit,) = find_wrong_language(context("I'm sorry about the rain.", complaint=asked))
    assert (hit.severity, hit.start) == (Severity.INFO, None)
    assert "French" in hit.message
