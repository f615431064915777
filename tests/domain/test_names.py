"""One person's name, however it is typed."""

import pytest

from service.domain.brand import Brand
from service.domain.team import same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ola", "ola"),
        ("Zofia Łęcka", "zofia lecka"),
        ("José", "JOSE"),
        ("Jose\u0301", "José"),
        (" Ben  Ito ", "Ben Ito"),
        ("Weiß", "WEISS"),
    ],
)
def test_case_accents_and_spaces_tell_nobody_apart(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Ola", "Olga"), ("Ben Ito", "Ben"), ("", "Ola")])
def test_other_names_are_other_people(one: str, other: str) -> None:
    assert not same_name(one, other)


def brand(**settings: object) -> Brand:
    return Brand.model_validate({"id": "shop", "name": "Shop", "voice": "Plain.", **settings})


def test_a_person_is_found_and_the_exact_name_counts_first() -> None:
    twins = brand(team=[{"name": "Ana", "left": True}, {"name": "ana", "languages": ["es"]}])
    assert twins.person("ana").languages == ("es",)
    assert twins.person("ANA").left
    assert twins.person("Eve").name == "Eve"


def test_without_a_team_everybody_is_known() -> None:
    rules = [{"sensitivity": "safety", "owner": "Safety lead"}]
    led = brand(team=[{"name": "Łukasz"}], escalation=rules)
    assert brand().knows("Eve")
    assert led.knows("lukasz")
    assert led.knows("safety lead")
    assert not led.knows("Eve")
