from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from service.domain.hours import Calendar
from service.text.windows import find_window

WARSAW = Calendar(ZoneInfo("Europe/Warsaw"))
FRIDAY_EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("an update by 18:00 the next working day", "2026-11-23T18:00"),
        ("I'll be back by 6pm tomorrow", "2026-11-21T18:00"),
        ("a first answer within 24 hours", "2026-11-21T21:00"),
        ("within two working days", "2026-11-24T18:00"),
        ("odezwę się do 18:00 następnego dnia roboczego", "2026-11-23T18:00"),
        ("odpowiem jutro do 12:00", "2026-11-21T12:00"),
        ("te escribo antes de las 18:00 de mañana", "2026-11-21T18:00"),
        ("dentro de 3 días laborables", "2026-11-25T18:00"),
        ("bis 18 Uhr am nächsten Werktag", "2026-11-23T18:00"),
        ("innerhalb von 24 Stunden", "2026-11-21T21:00"),
        ("I'm asking today and will be back by 18:00 the next working day", "2026-11-23T18:00"),
        ("I'm asking them today and will be back within two hours", "2026-11-20T23:00"),
        ("I'm checking it today and will write tomorrow", "2026-11-21T18:00"),
        ("sprawdzam to dziś i odpiszę do 12:00 jutro", "2026-11-21T12:00"),
        ("heute frage ich nach, bis 18 Uhr am nächsten Werktag schreibe ich", "2026-11-23T18:00"),
        ("I'll write here by 22:00 today", "2026-11-20T22:00"),
        ("You called at 10:00 today, and I'll be back by 18:00 tomorrow", "2026-11-21T18:00"),
        ("I saw the 12.50 charge today and will write by 18:00 tomorrow", "2026-11-21T18:00"),
        ("Heute Morgen habe ich gefragt und melde mich in zwei Stunden", "2026-11-20T23:00"),
        ("Esta mañana he preguntado y te escribo en dos horas", "2026-11-20T23:00"),
        ("te escribo mañana por la mañana", "2026-11-21T18:00"),
        ("Guten Morgen Ana, ich melde mich bis 23 Uhr", "2026-11-20T23:00"),
    ],
)
def test_a_promised_time_is_read_in_the_brands_zone(sentence: str, due: str) -> None:
    window = find_window(sentence)
    assert window is not None
    assert window.due(FRIDAY_EVENING, WARSAW).isoformat()[:16] == due


@pytest.mark.parametrize(
    "sentence",
    [
        "we will look into it",
        "the parcel was 3 days late",
        "as soon as I can",
        "lo paso ahora mismo",
        "",
    ],
)
def test_no_time_is_no_window(sentence: str) -> None:
    assert find_window(sentence) is None


@pytest.mark.parametrize("language", ["en", "pl", "es", "de"])
def test_a_window_said_in_a_language_is_read_back_the_same(language: str) -> None:
    window = find_window("an update by 18:00 the next working day")
    assert window is not None
    words = window.words(language)
    assert words is not None
    assert find_window(words) == window


def test_a_language_we_do_not_speak_gets_no_words() -> None:
    window = find_window("within 24 hours")
    assert window is not None
    assert window.words("fi") is None


@pytest.mark.parametrize(
    "said",
    [
        "an update by 20:00 the next day",
        "odpowiedź do 20:00 następnego dnia",
        "una respuesta antes de las 20:00 del día siguiente",
        "eine Antwort bis 20 Uhr am nächsten Tag",
        "by 20:00 the following day",
    ],
)
def test_the_next_day_is_not_today(said: str) -> None:
    """It was read as a clock time alone, and promised for today what the brand allows tomorrow."""
    window = find_window(said)
    assert window is not None
    assert (window.days, window.working, window.clock) == (1, False, time(20, 0))


@pytest.mark.parametrize("language", ["en", "pl", "es", "de"])
@pytest.mark.parametrize(
    "said", ["within one working day", "within 1 hour", "in 2 hours", "in one day"]
)
def test_one_or_two_are_said_in_words_and_read_again(said: str, language: str) -> None:
    window = find_window(said)
    assert window is not None
    words = window.words(language)
    assert words is not None
    assert not any(figure in words for figure in "12")
    assert find_window(words) == window


@pytest.mark.parametrize(
    ("said", "asked", "due"),
    [
        ("within two hours", "2026-03-29T01:30+01:00", "2026-03-29T04:30+02:00"),
        ("within 24 hours", "2026-10-24T20:00+02:00", "2026-10-25T19:00+01:00"),
        ("by 18:00 the next working day", "2026-12-24T10:00+01:00", "2026-12-28T18:00+01:00"),
        ("within two working days", "2026-12-24T10:00+01:00", "2026-12-29T18:00+01:00"),
    ],
)
def test_clock_changes_and_holidays_count(said: str, asked: str, due: str) -> None:
    christmas = replace(WARSAW, holidays=(date(2026, 12, 25),))
    window = find_window(said)
    assert window is not None
    found = window.due(datetime.fromisoformat(asked), christmas)
    assert found.isoformat(timespec="minutes") == due


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (9, "by 18:00 today"),
        (15, "by 18:00 today"),
        (17, "by 18:00 the next working day"),
        (20, "by 18:00 the next working day"),
    ],
)
def test_no_hour_of_today_is_promised_that_is_over(hour: int, words: str) -> None:
    window = find_window("an update by 18:00")
    now = datetime(2026, 11, 20, hour, 30, tzinfo=WARSAW.zone)
    assert window is not None
    ahead = window.ahead(now, WARSAW)
    assert ahead.words("en") == words
    assert ahead.due(now, WARSAW) > now


def test_a_window_that_lies_ahead_stays_as_it_is() -> None:
    for sentence in ("within 24 hours", "by 18:00 the next working day", "within two working days"):
        window = find_window(sentence)
        assert window is not None
        assert window.ahead(FRIDAY_EVENING, WARSAW) == window
