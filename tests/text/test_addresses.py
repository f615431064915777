"""Addresses and postcodes of many countries, and street-like phrases."""

import pytest

from service.text.addresses import addresses_in
from service.text.postcodes import postcodes_in

ADDRESSES = [
    ("at 14 Beech Avenue, Leeds LS6 2QT.", "14 Beech Avenue, Leeds LS6 2QT"),
    ("at Flat 3, 27 Harrow Road, London W2 1HB", "Flat 3, 27 Harrow Road, London W2 1HB"),
    ("sent to 221B Baker Street", "221B Baker Street"),
    ("4502 W 33rd St, Apt 7, Austin, TX 78731", "4502 W 33rd St, Apt 7, Austin, TX 78731"),
    (
        "9 Hill Rd\n Suite 603\n Leeds\n United Kingdom",
        "9 Hill Rd\n Suite 603\n Leeds\n United Kingdom",
    ),
    ("to PO Box 1147, Springfield, IL 62704", "PO Box 1147, Springfield, IL 62704"),
    ("PSC 0729, Box 5797\nAPO AP 96854", "PSC 0729, Box 5797\nAPO AP 96854"),
    ("przy ul. Lipowej 12/4, 31-123 Kraków", "ul. Lipowej 12/4, 31-123 Kraków"),
    ("al. Jana Pawła II 15", "al. Jana Pawła II 15"),
    ("w skr. poczt. 118", "skr. poczt. 118"),
    ("Wysłano na Mickiewicza 14/2, 20-400 Lublin", "Mickiewicza 14/2, 20-400 Lublin"),
    ("la calle Alcalá 45, 3º B, 28014 Madrid", "calle Alcalá 45, 3º B, 28014 Madrid"),
    ("C/ Mayor, 12, 2º izq.", "C/ Mayor, 12, 2º izq"),
    ("vive en 33 avenue de Provence", "33 avenue de Provence"),
    ("Via dei Fiorentini 17", "Via dei Fiorentini 17"),
    ("der Goethestraße 17, 60313 Frankfurt", "Goethestraße 17, 60313 Frankfurt"),
    ("Lange Straße 5", "Lange Straße 5"),
    ("geliefert an Am Markt 3, 28195 Bremen", "Am Markt 3, 28195 Bremen"),
    ("Magasinsgatan 7", "Magasinsgatan 7"),
    ("he lives at Maneeži 75", "Maneeži 75"),
    ("my address is 45 privet lane, leeds", "45 privet lane, leeds"),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_finds_the_whole_address(text: str, address: str) -> None:
    assert text[slice(*next(addresses_in(text)))] == address


NO_ADDRESSES = [
    "I walked down the street for 20 minutes",
    "12 Hard Drives on the way",
    "3 Google Drive links",
    "Sitzplatz 45 in Wagen 12",
    "El tren AVE 3102 a Sevilla",
    "sent to Terminal 5 on Monday 3",
    "Der Rückweg 12 Minuten",
    "Via PayPal 20 EUR",
    "the Oxford Street store",
    "delivered to Gate 4",
    "calle Mayor 12 minutos",
    "it was 2 weeks the other way",
]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_street_like_phrases_are_no_addresses(text: str) -> None:
    assert list(addresses_in(text)) == []


POSTCODES = [
    ("zip code is 94107-2210", "94107-2210"),
    ("my zip code is 880", "880"),
    ("near SW1A 1AA", "SW1A 1AA"),
    ("in K1A 0B1", "K1A 0B1"),
    ("Austin, TX 78731", "Austin, TX 78731"),
    ("PLZ 80331 wird", "80331"),
    ("código postal 08036", "08036"),
    ("in 10115 Berlin", "10115 Berlin"),
    ("1012 AB Amsterdam", "1012 AB Amsterdam"),
    ("CH-8001 Zürich", "CH-8001 Zürich"),
    ("kod 00-950", "00-950"),
]


@pytest.mark.parametrize(("text", "postcode"), POSTCODES)
def test_finds_postcodes(text: str, postcode: str) -> None:
    assert text[slice(*next(postcodes_in(text)))] == postcode


@pytest.mark.parametrize(
    "text",
    [
        "in 12345 Fällen",
        "iPhone X1 5GB",
        "10-100 zł",
        "in Leeds 2017",
        "model B12 3KG",
        "at 1200 PM",
    ],
)
def test_counts_and_models_are_no_postcodes(text: str) -> None:
    assert list(postcodes_in(text)) == []
