"""Languages of complaints, measured on texts of our own."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.text.language import detect, is_other_language, warm_up
from tests.text.language_samples import SAMPLES

BRAND = ("en", "pl", "es", "de")
LONG_ENOUGH = 20


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    warm_up()


def test_the_brands_languages_are_told_apart() -> None:
    own = [(code, text) for code, text in SAMPLES if code in BRAND and len(text) > LONG_ENOUGH]
    wrong = [(code, text) for code, text in own if detect(text, BRAND) != code]
    assert len(own) >= 70
    assert len(wrong) <= len(own) * 0.01, wrong


def test_a_customer_may_write_a_language_that_the_brand_does_not_list() -> None:
    foreign = [(code, text) for code, text in SAMPLES if code not in BRAND]
    assert [detect(text, BRAND) for _, text in foreign] == [code for code, _ in foreign]


@pytest.mark.parametrize(
    "text", ["", "🙄🙄", "???", "@lampwick", "#fail 123", "ok", "https://t.co/x1"]
)
def test_what_says_nothing_is_read_as_the_brands_first_language(text: str) -> None:
    assert detect(text, ("pl", "en", "de", "es")) == "pl"


@pytest.mark.parametrize(("text", "code"), [("Świetnie", "pl"), ("gracias", "es"), ("why", "en")])
def test_one_telling_word_is_enough(text: str, code: str) -> None:
    assert detect(text, ("pl", "en", "de", "es")) == code


def test_handles_links_and_product_names_do_not_decide() -> None:
    text = "@LampwickHelp https://lampwick.example/en/order-status die Lampe flackert #EveningGlow"
    assert detect(text, BRAND) == "de"


@pytest.mark.parametrize("text", ["iOS 11.0.3", "Yes all files, Mac, El Capitan", "WhatsApp"])
def test_names_and_a_few_words_leave_the_first_language(text: str) -> None:
    assert detect(text, BRAND) == BRAND[0]


def test_a_brand_with_one_language_still_notices_another() -> None:
    assert detect("Mi lámpara llegó rota y nadie contesta", ("en",)) == "es"
    assert detect("My lamp came broken and nobody answers", ("en",)) == "en"
    assert detect("Mi pedido no ha llegado", ("en",)) == "es"
    assert detect("Gdzie jest moja paczka?", ("en",)) == "pl"
    assert detect("Où est mon colis ?", BRAND) == "fr"


def test_norwegian_goes_by_its_common_code() -> None:
    assert detect("Pakken er ikke kommet ennå og ingen svarer meg", ("no", "en")) == "no"


@pytest.mark.parametrize("expected", BRAND)
def test_hardly_any_stranger_passes_and_no_native_is_held(expected: str) -> None:
    natives = [text for code, text in SAMPLES if code == expected]
    strangers = [text for code, text in SAMPLES if code != expected and len(text) > LONG_ENOUGH]
    assert not [text for text in natives if is_other_language(text, expected, BRAND)]
    passed = [text for text in strangers if not is_other_language(text, expected, BRAND)]
    assert len(passed) <= len(strangers) * 0.05, passed


def test_too_little_to_judge_is_not_held() -> None:
    assert not is_other_language("Thank you!", "pl", BRAND)
    assert not is_other_language("Sorry, Anna.", "de", BRAND)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text, BRAND)


def test_a_very_long_text_is_quick_enough() -> None:
    assert detect("Die Lampe flackert und niemand antwortet. " * 500, BRAND) == "de"
