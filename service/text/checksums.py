"""Checksums that tell a real identifier from any other run of digits."""

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


def is_card_number(digits: str) -> bool:
    """Luhn, for 13 to 19 digits."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_iban(written: str) -> bool:
    """ISO 13616: the rearranged number leaves 1 when divided by 97."""
    plain = written.replace(" ", "").upper()
    if not (15 <= len(plain) <= 34 and plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_pesel(digits: str) -> bool:
    """The Polish personal number: weighted sum, and a month that exists."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _PESEL_WEIGHTS, strict=False))
    return int(digits[2:4]) % 20 in range(1, 13) and (10 - total % 10) % 10 == int(digits[10])


def is_dni(written: str) -> bool:
    """The Spanish DNI or NIE: the letter follows from the number."""
    plain = written.replace("-", "").replace(" ", "").upper()
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and _DNI_LETTERS[int(number) % 23] == plain[-1]
