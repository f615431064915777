from dataclasses import replace

import pytest

from service.domain.triage import MoveKind
from service.guards.boundary import find_missing_boundary
from tests.guards.factories import LAMPWICK, context

DRAWN = [
    "That kind of language isn't acceptable here. I'm looking into the broken lamp.",
    "Let's keep this respectful. What went wrong with the lamp?",
    "Takie słowa są tu nie do przyjęcia. Sprawdzam, co się stało z lampą.",
    "Ese lenguaje no se admite aquí. Estoy mirando qué pasó.",
    "Solche Worte haben hier keinen Platz. Ich gehe dem nach.",
]
NOT_DRAWN = [
    "I'm sorry the lamp came broken. I'll write here by 18:00 tomorrow.",
    "Przykro mi, że lampa jest rozbita. Piszę jutro.",
    "Siento que la lámpara llegara rota.",
    "Es tut mir leid, dass die Lampe kaputt ist.",
]


@pytest.mark.parametrize("reply", DRAWN)
def test_a_boundary_is_seen(reply: str) -> None:
    assert not list(find_missing_boundary(context(reply, move=MoveKind.BOUNDARY_STATEMENT)))


@pytest.mark.parametrize("reply", NOT_DRAWN)
def test_a_boundary_statement_without_one_is_named(reply: str) -> None:
    assert len(list(find_missing_boundary(context(reply, move=MoveKind.BOUNDARY_STATEMENT)))) == 1
    assert not list(find_missing_boundary(context(reply)))


def test_terms_are_asked_for_only_where_the_brand_has_some() -> None:
    asked = context(NOT_DRAWN[0], move=MoveKind.BOUNDARY_STATEMENT)
    bare = LAMPWICK.model_copy(update={"community_guidelines": ""})
    suggestions = [
        next(iter(find_missing_boundary(replace(asked, brand=brand)))).suggestion
        for brand in (LAMPWICK, bare)
    ]
    assert ["terms" in (one or "") for one in suggestions] == [True, False]
