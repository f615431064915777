"""Order, account, parcel and booking numbers."""

import re
from collections.abc import Iterator

from service.text.reading import Reading, SpecificKind, plain_reading

INTRODUCED = (
    r"order|orders|booking|reservation|reference|ref|case|ticket|invoice|account|customer|client"
    r"|member|membership|contract|policy|parcel|tracking|shipment|package|serial|confirmation"
    r"|flight|train|bus|line"
    r"|zam[oó]wieni\w{1,3}|zgłoszeni\w{1,3}|reklamacj\w{1,2}|faktur\w|kont\w|klient\w?|umow\w"
    r"|paczk\w|przesyłk\w|przesyłce|rezerwacj\w{1,2}|lot\w?"
    r"|pedidos?|reserva|referencia|caso|factura|cuenta|cliente|contrato|paquete|envío|vuelo|localizador"
    r"|bestellung|bestellnummer|auftrag|auftragsnummer|buchung|buchungsnummer|vorgang|rechnung"
    r"|rechnungsnummer|kundennummer|kontonummer|vertrag|vertragsnummer|paket|paketnummer"
    r"|sendung|sendungsnummer|flug|ticketnummer"
)
_AFTER_WORD = re.compile(
    rf"(?<!\w)(?:{INTRODUCED})(?:\s(?:number|no|num|nr|id|numer|numerze|número|nummer|code|kod))?"
    r"\.?[\s:]{1,2}(?:is\s|lautet\s|es\s|to\s)?(?:n[ºr°o]\.?\s?)?#?((?=[A-Z-]{0,12}\d)[A-Z0-9][A-Z0-9-]{2,24})(?!\w)",
    re.IGNORECASE,
)
_HASHED = re.compile(r"(?<![\w&])#([A-Z0-9-]{0,6}\d{3,}[A-Z0-9-]{0,20})(?!\w)", re.IGNORECASE)
_CODED = re.compile(
    r"(?<![\w/.@-])(?:[A-Z]{1,5}-?\d{4,}[A-Z0-9-]{0,20}|\d{3}-\d{7}-\d{7}"
    r"|(?=[A-Z0-9]{0,10}[A-Z])(?=[A-Z]{0,10}\d)(?=(?:[A-Z]{0,10}\d){4})[A-Z0-9]{8,30}"
    r"|\d{6,24})(?![\w€$£%]|[.,]\d|\s?(?:€|\$|£|zł|eur|usd|pln|gbp)|/\w)"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:€|\$|£|%|zł|eur|usd|pln|gbp|days?|dni|días|tage?n?|hours?|minut|weeks?)", re.IGNORECASE
)


def plain_reference(written: str) -> str:
    """A reference without the signs that people leave out."""
    return re.sub(r"[^A-Z0-9]", "", written.upper())


def references_in(text: str) -> Iterator[Reading]:
    """References in a text as written, later patterns only where earlier ones saw nothing."""
    taken: set[int] = set()
    for pattern in (_AFTER_WORD, _HASHED, _CODED):
        for match in pattern.finditer(text):
            place = match.span(1) if match.lastindex else match.span()
            if place[0] in taken or _UNIT_AFTER.match(text, place[1]):
                continue
            taken.update(range(*place))
            value = plain_reference(text[slice(*place)])
            yield plain_reading(SpecificKind.REFERENCE, value, start=place[0], end=place[1])
