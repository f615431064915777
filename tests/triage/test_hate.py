"""Hate, threats and insults, and what only looks like them. Slurs are kept to a minimum."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.triage.hate import read_hostility

HATE = [
    ("en", "Immigrants are vermin and should be deported, every one of them."),
    ("en", "I hate Muslims and I don't want them in your shop."),
    ("en", "Women do not deserve to vote."),
    ("en", "Two gay men served me. They are disgusting freaks."),
    ("pl", "Nienawidzę gejów, to zaraza."),
    ("pl", "Żydzi to pasożyty i powinni zniknąć z Polski."),
    ("pl", "Imigranci nie zasługują na żadne prawa."),
    ("es", "Odio a los gitanos, son escoria."),
    ("es", "Las mujeres son inferiores y no merecen respeto."),
    ("es", "Habría que expulsar a todos los inmigrantes, son parásitos."),
    ("de", "Ich hasse Ausländer, das ist alles Abschaum."),
    ("de", "Flüchtlinge sind Ungeziefer und gehören abgeschoben."),
    ("de", "Frauen sind minderwertig und verdienen keinen Respekt."),
]
CONTRASTS = [
    ("en", "No immigrant deserves to be called vermin."),
    ("en", "I hate your delivery slots, they are vermin."),
    ("en", "Saying that women are stupid is disgusting and sexist, please remove it."),
    ("en", "His therapist is a woman."),
    ("en", "Bankers are parasites and should be locked up."),
    ("en", "The black lamp arrived dead, kill my order."),
    ("en", "I love my Muslim neighbours."),
    ("pl", "Żaden imigrant nie jest robactwem."),
    ("pl", 'Pan krzyczał "Żydzi to pasożyty", to skandaliczny rasizm.'),
    ("pl", "Kocham kobiety, które prowadzą ten sklep."),
    ("pl", "Pedały w rowerze odpadły po tygodniu."),
    ("es", "Decir que los gitanos son escoria es racista e inaceptable."),
    ("es", "Los inmigrantes no son parásitos."),
    ("es", "Odio esta aplicación, es una mierda."),
    ("de", "Wer sagt, dass Flüchtlinge Ungeziefer sind, ist ein Rassist."),
    ("de", "Ich liebe die Frauen in eurer Werkstatt, großartig."),
    ("de", "Der Router ist tot, so ein Dreck."),
]
DISGUISED = [
    ("en", "1mm1gr4nts are v3rmin"),
    ("en", "I h a t e M u s l i m s"),
    ("en", "Ihatemuslims"),
    ("en", "Mulsims are disgusting"),
    ("en", "Mus\u200blims are vermin"),
    ("en", "Мuslims аre disgusting"),
    ("pl", "N i e n a w i d z e gejow"),
    ("es", "0dio a los git4nos, son esc0ria"),
    ("de", "Auslaender sind Absch4um"),
]


@pytest.mark.parametrize(("language", "text"), HATE)
def test_hate_is_seen(language: str, text: str) -> None:
    found = read_hostility(text, language)
    assert found.hate
    assert found.targets
    assert all(text[s.start : s.end] == s.text and s.why for s in found.spans)


@pytest.mark.parametrize(("language", "text"), CONTRASTS)
def test_what_only_looks_like_hate(language: str, text: str) -> None:
    assert not read_hostility(text, language).hate


@pytest.mark.parametrize(("language", "text"), DISGUISED)
def test_small_tricks_hide_nothing(language: str, text: str) -> None:
    assert read_hostility(text, language).hate


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I know where you live and I will find you."),
        ("pl", "Wiem, gdzie mieszkasz, połamię ci nogi."),
        ("es", "Sé dónde vives, te voy a matar."),
        ("de", "Ich weiß, wo du wohnst, ich schlag dich tot."),
    ],
)
def test_threats_need_no_group(language: str, text: str) -> None:
    found = read_hostility(text, language)
    assert (found.threat, found.hate) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "I'd kill for another slice of that cake.",
        "If I wait any longer I will see you in court.",
        'He wrote "I will find you and hurt you", please block and report him.',
    ],
)
def test_what_is_no_threat(text: str) -> None:
    assert not read_hostility(text, "en").threat


@pytest.mark.parametrize(
    ("language", "text", "insult"),
    [
        ("en", "You are complete idiots.", True),
        ("pl", "Jesteście bandą debili.", True),
        ("es", "Sois unos gilipollas.", True),
        ("de", "Ihr seid solche Arschlöcher.", True),
        ("en", "There was a rat in your kitchen.", False),
        ("en", "I'm such an idiot, I gave you the wrong size.", False),
        ("pl", "Ta paczka to śmiech na sali.", False),
        ("es", "Vaya mierda de lámpara.", False),
        ("de", "So ein Mist, schon wieder kaputt.", False),
    ],
)
def test_insults_are_aimed_at_somebody(language: str, text: str, insult: bool) -> None:
    assert read_hostility(text, language).insult is insult


@given(st.text(max_size=400), st.sampled_from(["en", "pl", "es", "de", "fr"]))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read(text: str, language: str) -> None:
    found = read_hostility(text, language)
    assert all(text[s.start : s.end] == s.text for s in found.spans)


@given(
    st.sampled_from(
        ["a", "a ", "1l!", "women ", "ż.", '"', "'x", "ihate", "\u200b", "* ", "fucking women "]
    )
)
@settings(max_examples=11, deadline=None)
def test_no_long_text_hangs(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    read_hostility(text, "en")
    assert time.process_time() - began < 5
