"""A danger played down: nobody has looked, and somebody may come to harm."""

from dataclasses import replace

import pytest

from service.domain.checks import Severity
from service.domain.triage import Sensitivity
from service.guards.context import CheckContext
from service.guards.grounding import find_ungrounded_specifics
from service.guards.registry import CHECKS
from tests.guards.factories import context

ALARM = "The alarm in the cabin goes off and the kids are sleepy."


def played_down(checked: CheckContext) -> list[str]:
    return [
        checked.reply[hit.start : hit.end]
        for hit in find_ungrounded_specifics(checked)
        if hit.message.startswith("Calls it safe") and hit.severity is None
    ]


PLAYED_DOWN = [
    ("en", "Just open a window and stay in bed, it's fine."),
    ("en", "Chirping just means the battery is low, so it is perfectly safe to take it out."),
    ("en", "There's nothing to worry about."),
    ("en", "The smell is completely harmless."),
    ("en", "You can keep the stove on, there's no danger."),
    ("en", "It's safe to sleep there tonight."),
    ("en", "You'll be fine until the morning."),
    ("pl", "Nie ma się czym martwić."),
    ("pl", "To jest zupełnie bezpieczne, proszę spać dalej."),
    ("pl", "Spokojnie, nic Państwu nie grozi."),
    ("pl", "Taki zapach jest nieszkodliwy."),
    ("pl", "Wystarczy uchylić okno, wszystko jest w porządku."),
    ("es", "Abran la ventana y ya está, no pasa nada."),
    ("es", "El olor es totalmente inofensivo."),
    ("es", "No hay ningún peligro, pueden seguir durmiendo."),
    ("es", "No hay de qué preocuparse."),
    ("de", "Das ist völlig ungefährlich."),
    ("de", "Lassen Sie ihn einfach an, da kann nichts passieren."),
    ("de", "Es besteht keine Gefahr."),
    ("de", "Das Piepen ist harmlos, kein Grund zur Sorge."),
]


@pytest.mark.parametrize(("language", "reply"), PLAYED_DOWN)
def test_a_danger_played_down_blocks(language: str, reply: str) -> None:
    assert played_down(context(reply, complaint=ALARM, language=language))
    quiet = context(reply, complaint="Nobody came.", language=language)
    assert not played_down(quiet)
    assert played_down(replace(quiet, sensitivities=(Sensitivity.HEALTH,)))
    assert CHECKS["ungrounded_specific"].severity is Severity.BLOCK


@pytest.mark.parametrize(
    ("language", "complaint"),
    [
        ("en", "The stove smells of gas, is that normal?"),
        ("pl", "Czujnik czadu wyje, a dzieci są senne."),
        ("es", "Huele a gas en el camarote."),
        ("de", "Der Rauchmelder piept und mir ist schwindlig."),
    ],
)
def test_the_customers_words_tell_of_danger(language: str, complaint: str) -> None:
    assert played_down(context("It's perfectly safe.", complaint=complaint, language="en"))


NEAR = [
    ("en", "It is not safe to stay: get off the boat and ring 999."),
    ("en", "I can't say that it's safe, so please leave the boat now."),
    ("en", "Don't go back in until it is safe to do so."),
    ("en", "Nell checks today whether it's safe to use."),
    ("en", "Once the fitter says it's safe, you can go back."),
    ("en", "I'm sorry you were told there was nothing to worry about."),
    ("en", 'You read "perfectly safe" in our leaflet, and then this.'),
    ("en", "Are you all safe?"),
    ("en", "We want everybody to be safe."),
    ("en", "If you'd rather write by e-mail, it's fine."),
    ("en", "It's fine to send the photo later."),
    ("en", "Please turn it off, to be on the safe side."),
    ("pl", "To nie jest bezpieczne, proszę wyjść."),
    ("pl", "Proszę nie wracać, dopóki nie będzie bezpiecznie."),
    ("pl", "Przykro mi, że usłyszeli Państwo, że nic nie grozi."),
    ("pl", "Sprawdzamy, czy jest bezpieczny."),
    ("es", "No es seguro quedarse: salgan ya."),
    ("es", "No vuelvan hasta que sea seguro."),
    ("es", "Siento que les dijeran que no pasa nada."),
    ("es", "Comprobamos si es seguro usarla."),
    ("de", "Das ist nicht ungefährlich, bitte gehen Sie hinaus."),
    ("de", "Wir prüfen, ob es unbedenklich ist."),
    ("de", "Es tut mir leid, dass Ihnen gesagt wurde, es sei harmlos."),
    ("de", "Ich bin sicher, dass sich heute jemand meldet."),
]


@pytest.mark.parametrize(("language", "reply"), NEAR)
def test_care_is_not_playing_down(language: str, reply: str) -> None:
    assert not played_down(context(reply, complaint=ALARM, language=language))


def test_somebody_who_looked_may_say_so() -> None:
    fact = "The fitter replaced the alarm at 14:00 and measured: the cabin is safe to use."
    reply = "The fitter has measured, and the cabin is safe to use again."
    assert played_down(context(reply, complaint=ALARM))
    assert not played_down(context(reply, complaint=ALARM, known=[fact]))


def test_a_fact_that_says_otherwise_vouches_for_nothing() -> None:
    fact = "The cabin is not safe to use until the flue is replaced."
    assert played_down(context("The cabin is safe to use.", complaint=ALARM, known=[fact]))
