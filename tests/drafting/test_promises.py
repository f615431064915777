from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.domain.commitment import PlannedCommitment
from service.domain.hours import Calendar
from service.drafting.promises import find_promises, promised_from

WARSAW = Calendar(ZoneInfo("Europe/Warsaw"))
NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
PROMISED = [
    "I'll write here by 18:00 tomorrow.",
    "I'm finding out why and will write to you here by 18:00 the next working day.",
    "You'll hear from me within 24 hours.",
    "Odezwę się tutaj do 18:00 następnego dnia roboczego.",
    "Te escribo aquí antes de las 18:00 de mañana.",
    "Ich melde mich bis morgen 18 Uhr.",
]
AFTER_AN_INSTRUCTION = [
    (
        "Please drop me a line in a private message to this page so that I can find it on our "
        "side, and ",
        "you'll hear from me by 18:00 the next working day.",
    ),
    (
        "To look it up I need a few details, so please write to me in a private message; ",
        "I'll answer you by 18:00 tomorrow.",
    ),
    ("Send me your order number in a private message and ", "I'll be back here within 24 hours."),
    ("Please send me a photo of the lid; ", "I will write by Wednesday noon."),
    ("Please send me a photo in a direct message, ", "I will answer by 18:00 tomorrow."),
    (
        "Please send what identifies it privately and leave it out of this thread; ",
        "I'm on it and will write by 18:00 tomorrow.",
    ),
    ("Please write to me there, and ", "by 18:00 tomorrow you'll have my answer."),
    (
        "Proszę podać kod w wiadomości prywatnej, zapytam o niego bazę i ",
        "jutro do 20:00 napiszę, co wiadomo.",
    ),
    ("Proszę o numer w wiadomości prywatnej; ", "o zwrocie odpiszę w ciągu 2 dni roboczych."),
    ("Abra por favor un caso con la fecha y la obra, y ", "mañana antes de las 18:00 le escribo."),
    (
        "Proszę napisać do mnie w wiadomości prywatnej, a ",
        "odezwę się do 18:00 następnego dnia roboczego.",
    ),
    ("Napisz do mnie na priv i ", "odpiszę w ciągu 24 godzin."),
    ("Proszę podać numer w wiadomości prywatnej, ", "to odpiszę jutro do 18:00."),
    ("Escríbeme por mensaje privado y ", "te contesto antes de las 18:00 de mañana."),
    (
        "Por favor, envíame el número por privado; ",
        "tendrás mi respuesta antes de las 18:00 de mañana.",
    ),
    ("Bitte schreiben Sie mir eine private Nachricht, und ", "ich melde mich bis morgen 18 Uhr."),
    ("Schick mir die Nummer per Nachricht, ", "dann melde ich mich bis morgen 18 Uhr."),
]
WHOLE = [
    "If you write to me in a private message, I'll answer by 18:00 tomorrow.",
    "Write again if that leaves something open; you'll have an answer here by 18:00 tomorrow.",
    "Please send me the order number and I'll look into it by 18:00 tomorrow.",
    "Please send it back within 14 days and I'll write to you within 24 hours.",
    "Please wait a moment and will write to you here by 18:00 tomorrow.",
    "I'm sorry that nobody came, and you'll hear from me by 18:00 tomorrow.",
    "Please write to me so that you'll hear from me by 18:00 tomorrow.",
    "Any trouble with the form, write to me here and I'll answer by 20:00 the next day.",
    "Gdyby go nie było, proszę o wiadomość prywatną, odpowiem w ciągu 2 dni roboczych.",
    "Passt der Donnerstag nicht, schreiben Sie mir, ich antworte innerhalb von 4 Stunden.",
    "Proszę napisać do mnie, gdy paczka dojdzie, a odpiszę do 18:00 następnego dnia roboczego.",
    "Proszę podać numer, a sprawdzę to do 18:00 następnego dnia roboczego.",
    "Escríbeme si sigue igual y te contesto antes de las 18:00 de mañana.",
    "Por favor, mándame la foto y voy a revisarla antes de las 18:00 de mañana.",
    "Bitte schreiben Sie mir, wenn es da ist, und ich melde mich bis morgen 18 Uhr.",
    "Bitte schicken Sie mir die Nummer, und ich kümmere mich darum bis morgen 18 Uhr.",
]
NOT_PROMISED = [
    "I'll look into it.",
    "I'm finding out why and will write to you here.",
    "Please send it back within 14 days.",
    "The refund takes 3 to 5 working days.",
    "Napisz do nas w ciągu 14 dni.",
]


@pytest.mark.parametrize("reply", PROMISED)
def test_a_dated_promise_is_found_with_its_time(reply: str) -> None:
    (promise,) = find_promises(reply, now=NOW, calendar=WARSAW)
    assert promise.what == reply
    assert promise.due_at is not None
    assert promise.due_at > NOW


@pytest.mark.parametrize(("instruction", "promise"), AFTER_AN_INSTRUCTION)
def test_what_is_promised_begins_after_what_the_customer_is_asked_to_do(
    instruction: str, promise: str
) -> None:
    reply = f"I'm sorry. {instruction}{promise} Thank you for writing."
    (found,) = find_promises(reply, now=NOW, calendar=WARSAW)
    (alone,) = find_promises(instruction + promise, now=NOW, calendar=WARSAW)
    assert (found.what, alone.what) == (promise, promise)
    assert found.due_at is not None
    assert found.due_at > NOW


@pytest.mark.parametrize("reply", WHOLE)
def test_a_clause_that_says_too_little_alone_keeps_its_sentence(reply: str) -> None:
    (promise,) = find_promises(reply, now=NOW, calendar=WARSAW)
    assert promise.what == reply


@pytest.mark.parametrize("reply", NOT_PROMISED)
def test_without_a_time_or_a_promise_there_is_none(reply: str) -> None:
    assert find_promises(reply, now=NOW, calendar=WARSAW) == ()


# Said on Wednesday, 18 November 2026, at 10:00 in Warsaw.
ON_A_DAY = [
    ("I'll write to you here by Friday 17:00.", "2026-11-20T17:00"),
    ("I'll call you on Friday by 17:00.", "2026-11-20T17:00"),
    ("I'll get back to you on Monday.", "2026-11-23T18:00"),
    ("On Thursday I'll let you know what the depot says.", "2026-11-19T18:00"),
    ("You'll have my answer by noon on Friday.", "2026-11-20T12:00"),
    ("I'll be back by noon tomorrow.", "2026-11-19T12:00"),
    ("I'll write by 20 November.", "2026-11-20T18:00"),
    ("I'll write to you on 2 January.", "2027-01-02T18:00"),
    ("I'll write again by Wednesday 17:00.", "2026-11-18T17:00"),
    ("I'll write again on Wednesday at 9 am.", "2026-11-25T09:00"),
    ("I'll be back by the day after tomorrow.", "2026-11-20T18:00"),
    ("I'll ring you on Tuesday next week.", "2026-11-24T18:00"),
    ("I'll have an answer for you next week.", "2026-11-27T18:00"),
    ("I'll write by the end of the week.", "2026-11-20T18:00"),
    ("I'll ring you this afternoon.", "2026-11-18T23:59"),
    ("Dam znać do końca tygodnia.", "2026-11-20T18:00"),
    ("Te escribo esta semana.", "2026-11-20T18:00"),
    ("Ich melde mich im Laufe der Woche.", "2026-11-20T18:00"),
    ("Nobody came on Monday, and you'll hear from me by Friday.", "2026-11-20T18:00"),
    ("I'm asking the depot today and will write by Friday noon.", "2026-11-20T12:00"),
    ("I'll reply today to the mail that you sent on Monday.", "2026-11-18T23:59"),
    ("I will call you today at 17:00 about the slot on Friday.", "2026-11-18T17:00"),
    ("I'll write to you today, since your parcel left on 8 June.", "2026-11-18T23:59"),
    ("I'll write by Friday about the 3 hours you waited.", "2026-11-20T18:00"),
    ("On Thursday, I'll let you know.", "2026-11-19T18:00"),
    ("Ich melde mich bis zum 20.11.", "2026-11-20T18:00"),
    ("Odpiszę do 20.11.2026 do 17:00.", "2026-11-20T17:00"),
    ("Odezwę się do piątku do 17:00.", "2026-11-20T17:00"),
    ("W poniedziałek zadzwonię z odpowiedzią.", "2026-11-23T18:00"),
    ("Odpiszę najpóźniej pojutrze do 12:00.", "2026-11-20T12:00"),
    ("Napiszę tutaj do 24 listopada.", "2026-11-24T18:00"),
    ("Dam znać w przyszłym tygodniu.", "2026-11-27T18:00"),
    ("Te escribo aquí antes del viernes.", "2026-11-20T18:00"),
    ("El lunes te llamo con la respuesta.", "2026-11-23T18:00"),
    ("Le respondo pasado mañana antes de las 12:00.", "2026-11-20T12:00"),
    ("Te contesto el 24 de noviembre.", "2026-11-24T18:00"),
    ("Ich melde mich bis Freitag, 17 Uhr.", "2026-11-20T17:00"),
    ("Am Montag rufe ich Sie an.", "2026-11-23T18:00"),
    ("Ich schreibe Ihnen übermorgen bis 12 Uhr.", "2026-11-20T12:00"),
    ("Ich antworte bis zum 24. November.", "2026-11-24T18:00"),
    ("Ich melde mich nächste Woche.", "2026-11-27T18:00"),
]
IN_JANUARY = "I'll check the visit on 28 December."
OF_ANOTHER_DAY = [
    "I'll chase the order placed on 3 May.",
    "I'll find the parcel that left on Monday.",
    "Ich melde mich bis 29.02.2028.",
    "I'll find out what went wrong on Thursday.",
    "I'll look into Friday's delivery.",
    "I'll check the parcel of 24 November.",
    "I'll check the visit on 12 November.",
    "On Thursday nobody came, I'll find out why.",
    "Sprawdzę, dlaczego w piątek nikt nie przyjechał.",
    "Przekażę to, co się stało w poniedziałek.",
    "Voy a ver por qué el viernes no vino nadie.",
    "Ich kläre, was am Freitag passiert ist.",
]


@pytest.mark.parametrize(("reply", "due"), ON_A_DAY)
def test_a_day_is_promised_by_its_name_or_date(reply: str, due: str) -> None:
    wednesday = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    (promise,) = find_promises(reply, now=wednesday, calendar=WARSAW)
    assert promise.due_at is not None
    assert promise.due_at.astimezone(WARSAW.zone).isoformat()[:16] == due


@pytest.mark.parametrize("reply", OF_ANOTHER_DAY)
def test_the_day_on_which_something_was_is_not_promised(reply: str) -> None:
    wednesday = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert find_promises(reply, now=wednesday, calendar=WARSAW) == ()
    january = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    assert find_promises(IN_JANUARY, now=january, calendar=WARSAW) == ()


SAID = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
WHEN_APPROVED = [
    ("I'll write to you here by 20 November.", "2026-11-20T18:00"),
    ("Napiszę tutaj do 20 listopada.", "2026-11-20T18:00"),
    ("I'll write to you on 20 November.", "2026-11-20T18:00"),
    ("I'll write to you here by 24 November.", "2026-11-24T18:00"),
    ("I'll write to you here by 18:00 tomorrow.", "2026-11-22T18:00"),
    ("I'll write to you here by Friday.", "2026-11-27T18:00"),
]


@pytest.mark.parametrize(("reply", "due"), WHEN_APPROVED)
def test_a_date_stays_where_it_is_however_late_the_approval(reply: str, due: str) -> None:
    planned = find_promises(reply, now=SAID, calendar=WARSAW)
    saturday = SAID + timedelta(days=3)
    (promise,) = promised_from(saturday, planned, reply, made_at=SAID, calendar=WARSAW)
    assert promise.due_at is not None
    assert promise.due_at.astimezone(WARSAW.zone).isoformat()[:16] == due


def test_a_promise_that_nobody_can_read_has_as_long_as_it_had() -> None:
    planned = PlannedCommitment(what="An update.", due_at=SAID + timedelta(hours=4))
    saturday = SAID + timedelta(days=3)
    (promise,) = promised_from(saturday, [planned], "I'm sorry.", made_at=SAID, calendar=WARSAW)
    assert promise.due_at == saturday + timedelta(hours=4)
