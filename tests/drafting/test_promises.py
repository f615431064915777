from datetime import UTC, datetime

import pytest

from service.drafting.promises import find_promises

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
PROMISED = [
    "I'll write here by 18:00 tomorrow.",
    "I'm finding out why and will write to you here by 18:00 the next working day.",
    "You'll hear from me within 24 hours.",
    "Odezwę się tutaj do 18:00 następnego dnia roboczego.",
    "Te escribo aquí antes de las 18:00 de mañana.",
    "Ich melde mich bis morgen 18 Uhr.",
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
    (promise,) = find_promises(reply, now=NOW, zone="Europe/Warsaw")
    assert promise.what == reply
    assert promise.due_at is not None
    assert promise.due_at > NOW


@pytest.mark.parametrize("reply", NOT_PROMISED)
def test_without_a_time_or_a_promise_there_is_none(reply: str) -> None:
    assert find_promises(reply, now=NOW, zone="Europe/Warsaw") == ()
