"""Telephone numbers of many countries, and numbers that are none."""

import pytest

from service.text.phones import phones_in

PHONES = [
    ("at 1800-123-4567", "1800-123-4567"),
    ("on +49 (0)30 901820", "+49 (0)30 901820"),
    ("22 123 45 67", "22 123 45 67"),
    ("+34 612 345 678", "+34 612 345 678"),
    ("+1 415 555 2671 ext. 42", "+1 415 555 2671 ext. 42"),
    ("001-518-640-0854 mobile", "001-518-640-0854"),
    ("(579)888-3058 fax", "(579)888-3058"),
    ("0711 / 55 01 43, ab 16 Uhr", "0711 / 55 01 43"),
    ("0170/1234567", "0170/1234567"),
    ("1-800-FLOWERS is busy", "1-800-FLOWERS"),
    ("781 1704 office", "781 1704"),
    ("call 555-1234", "555-1234"),
    ("They're not answering at 78 651 450", "78 651 450"),
    ("Numer do mnie to 48600700800", "48600700800"),
    ("12 421 55 10", "12 421 55 10"),
    ("0412 345 678", "0412 345 678"),
    ("0049 221 4567890", "0049 221 4567890"),
    ("1.877.350.0038", "1.877.350.0038"),
]


@pytest.mark.parametrize(("text", "phone"), PHONES)
def test_finds_phones(text: str, phone: str) -> None:
    assert [text[slice(*place)] for place in phones_in(text)] == [phone]


NO_PHONES = [
    "order 600700800",
    "my account number 12345678",
    "from 1982 - 2017",
    "call on 12.05.2026",
    "call 2026-05-12 10:00",
    "1 299 000 zł",
    "tracking 123 456 789",
    "600-700-800 EUR",
    "SSN 078-05-1120",
    "4539 1488 0343 6467",
    "serial 5531987",
    "pages 100-120",
]


@pytest.mark.parametrize("text", NO_PHONES)
def test_orders_dates_and_prices_are_no_phones(text: str) -> None:
    assert list(phones_in(text)) == []
