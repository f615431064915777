import pytest

from service.triage.answering import answers, chases, left_open, settles

EMPTY = [
    "Sorry to hear that! Hope you feel better soon.",
    "we will look into it",
    "Please DM us",
    "We're so sorry about your fall on Friday. Could you please DM us your booking number?",
    "Thank you for getting in touch. We take safety very seriously and will get back to you as "
    "soon as possible.",
    "Oh no! One of our team will be in touch. Your case number is CS-22314.",
    "We'll keep an eye out for it.",
    "Przykro nam! Zdrowia życzymy.",
    "Zajmiemy się tym, prosimy o wiadomość prywatną.",
    "Lo sentimos mucho, esperamos que te mejores pronto.",
    "Lo miramos. Escríbenos por privado, por favor.",
    "Das tut uns leid! Gute Besserung.",
    "Wir kümmern uns darum. Bitte schreib uns eine PN.",
]
REAL = [
    "Please stop using it; our engineer Ewa rings you today at 14:00.",
    "I'm so sorry. Please unplug it; I'm calling you now.",
    "We will be with you within two hours.",
    "Our safety line is 0113 496 0182.",
    "https://withy.example/recall has what to do",
    "Has anybody been hurt, and where is the boat now?",
    "Take her to A&E now, please.",
    "Sorry about your fall. The handrail was loose because a bolt had sheared; the yard has taken "
    "that boat out and is going over every rail of the type before any of them leaves again.",
    "Przykro nam. Proszę go nie używać, oddzwonimy.",
    "Proszę jechać do szpitala.",
    "Por favor, no lo uses.",
    "¿Dónde está ahora el barco y hay alguien herido?",
    "Bitte nicht mehr benutzen.",
    "Bitte gleich zum Arzt mit ihr.",
]


@pytest.mark.parametrize("text", EMPTY)
def test_sympathy_and_brush_offs_answer_nothing(text: str) -> None:
    assert not answers(text)


@pytest.mark.parametrize("text", REAL)
def test_a_step_a_time_a_way_or_a_question_answers(text: str) -> None:
    assert answers(text)


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("Still waiting for someone to ring me.", True),
        ("Hello?", True),
        ("You never called.", True),
        ("Halo? Nikt nie zadzwonił.", True),
        ("Nadal czekam na telefon.", True),
        ("¿Hola? Nadie me ha llamado.", True),
        ("Sigo esperando.", True),
        ("Es hat immer noch niemand angerufen.", True),
        ("Ich warte noch auf den Rückruf.", True),
        ("Do you still sell the brass one?", False),
        ("Hello, do you ship to Malta?", False),
        ("I can wait until Friday, no rush.", False),
        ("Dziękuję, tak zrobię.", False),
        ("Hola, ¿abrís el domingo?", False),
        ("Danke, mache ich. Habt ihr sonntags offen?", False),
    ],
)
def test_who_waits_still(text: str, waits: bool) -> None:
    assert chases(text) is waits


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("Ewa rang, it's all sorted now, thanks.", True),
        ("She's fine now.", True),
        ("Załatwione, dziękuję.", True),
        ("Ya está solucionado, gracias.", True),
        ("Hat sich erledigt, danke.", True),
        ("It's not fixed.", False),
        ("Is it sorted now?", False),
        ("Once it is fixed I'll rent again.", False),
        ("It was fixed but it smells again.", False),
        ("It's fixed and now it smokes.", False),
        ("The heater was replaced, now the new one smokes.", False),
        ("The delivery is sorted now, thanks.", False),
        ("Wurde ausgetauscht, jetzt raucht das neue.", False),
        ("Nie jest naprawione.", False),
        ("Aún no está solucionado.", False),
        ("Ist nicht repariert.", False),
        ("Thanks.", False),
    ],
)
def test_who_says_that_it_is_over(text: str, over: bool) -> None:
    assert settles(text) is over


def test_what_is_over_is_left_out_of_what_is_open() -> None:
    assert left_open("I'm fine now. Where is my invoice?") == "Where is my invoice?"
