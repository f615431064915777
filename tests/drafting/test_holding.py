"""Holding replies: every one we ship passes our own checks, and says first what comes first."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from service.domain.brand import Brand
from service.domain.triage import DeadlineClass, Kind, Move, MoveKind, Sensitivity, Triage
from service.drafting.holding import HoldingReply, holding_replies
from service.drafting.own_words import in_our_words
from service.drafting.promises import find_promises
from service.guards.boundary import find_missing_boundary
from tests.factories import case
from tests.guards.factories import LAMPWICK, context
from tests.guards.written_ahead import COMPLAINTS, found_in

SMOKE = {
    "en": "The kettle gave off smoke.",
    "pl": "Z czajnika szedł dym.",
    "es": "Del hervidor salía humo.",
    "de": "Aus dem Wasserkocher kam Rauch.",
}
NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
PLAIN = Brand(id="plain", name="Plain", voice="Plain.", languages=("en", "pl", "es", "de"))
ABUSIVE = (Kind.MIXED, Kind.ABUSE, Kind.HATE)
GRAVE = (Sensitivity.SAFETY, Sensitivity.HEALTH, Sensitivity.LEGAL_THREAT)
CASES = [
    *((kind, ()) for kind in Kind if kind is not Kind.SPAM),
    *((kind, (grave,)) for kind, grave in product((Kind.COMPLAINT, Kind.MIXED), GRAVE)),
]


def triage(kind: Kind, language: str, *sensitivities: Sensitivity) -> Triage:
    move = MoveKind.BOUNDARY_STATEMENT if kind in ABUSIVE else MoveKind.PUBLIC_REPLY
    return Triage(
        kind=kind,
        language=language,
        sensitivities=sensitivities,
        move=Move(kind=move, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )


def shipped(
    asked: Triage, told: str, language: str, brand: Brand = LAMPWICK, recent: tuple[str, ...] = ()
) -> list[HoldingReply]:
    return holding_replies(brand, asked, told, language=language, recent=recent, now=NOW)


def under_danger(told: str, language: str) -> set[str]:
    unsafe = triage(Kind.COMPLAINT, language, Sensitivity.SAFETY)
    return {reply.text for reply in shipped(unsafe, told, language)}


@pytest.mark.slow
@pytest.mark.parametrize(("case", "language"), list(product(CASES, COMPLAINTS)))
async def test_what_we_ship_passes_our_own_checks_with_nothing_found(
    case: tuple[Kind, tuple[Sensitivity, ...]], language: str
) -> None:
    kind, grave = case
    asked = triage(kind, language, *grave)
    found = shipped(asked, COMPLAINTS[language], language)
    if Sensitivity.SAFETY in grave:
        found += shipped(asked, SMOKE[language], language)
    assert len(found) >= 2
    for reply in found:
        findings = await found_in(reply.text, asked, complaint=COMPLAINTS[language])
        assert not findings, (reply.text, findings)


@pytest.mark.parametrize(
    ("brand", "case", "language"), list(product((LAMPWICK, PLAIN), CASES, COMPLAINTS))
)
def test_a_time_that_is_named_stays_a_promise_when_somebody_edits(
    brand: Brand, case: tuple[Kind, tuple[Sensitivity, ...]], language: str
) -> None:
    kind, grave = case
    asked = triage(kind, language, *grave)
    for reply in shipped(asked, "Late.", language, brand):
        read = find_promises(reply.text, now=NOW, calendar=brand.calendar)
        planned = [one.due_at for one in reply.commitments]
        assert [one.due_at for one in read] == planned, reply.text
        assert bool(planned) == (
            kind not in (Kind.COMPLIMENT, Kind.ABUSE, Kind.HATE) or bool(grave)
        )


def test_a_brands_own_words_promise_however_they_put_it() -> None:
    own = {"holding_replies": {"en": ["Sorry about this. News from our desk {window}, here."]}}
    brand = Brand.model_validate({**LAMPWICK.model_dump(), **own})
    (reply,) = shipped(triage(Kind.COMPLAINT, "en"), "Late.", "en", brand)
    (promise,) = reply.commitments
    assert promise.what.startswith("News from our desk")
    assert promise.due_at is not None
    assert promise.due_at > NOW


def test_the_newest_is_not_said_again_and_the_oldest_comes_first() -> None:
    asked = triage(Kind.COMPLAINT, "en")
    one, two, three = (reply.text for reply in shipped(asked, "Late.", "en"))
    again = shipped(asked, "Late.", "en", recent=(three, one))
    assert [reply.text for reply in again] == [two, one]


def test_a_language_nobody_wrote_for_has_none() -> None:
    assert not shipped(triage(Kind.COMPLAINT, "fi"), "Myöhässä.", "fi")


FIRST = {
    "en": "stop using|leave it|go outside|keep away|anyone is hurt|health|wait|ill",
    "pl": "nie używać|nie włączać|wyjść|nie ruszać|coś się stało|zdrowi|źle się czuje",
    "es": "deja de usarlo|no lo|sal |déjalo|ha hecho daño|salud|médico|se siente mal",
    "de": "nicht mehr|hinausgehen|Abstand|so lassen|verletzt|Gesundheit|Medizinischen|krank",
}
EMERGENCY = "emergency number|alarmowy|pogotowi|emergencias|Notruf"
TWO_HOURS = {
    "en": "within two hours",
    "pl": "w ciągu dwóch godzin",
    "es": "en un plazo de dos horas",
    "de": "innerhalb von zwei Stunden",
}


@pytest.mark.parametrize(
    ("grave", "kind", "language"),
    list(product(GRAVE[:2], (Kind.COMPLAINT, Kind.QUESTION, Kind.MIXED), COMPLAINTS)),
)
def test_who_is_in_danger_reads_what_to_do_first_and_is_answered_within_hours(
    grave: Sensitivity, kind: Kind, language: str
) -> None:
    unsafe = triage(kind, language, grave)
    found = [
        reply
        for told in (COMPLAINTS[language], SMOKE[language])
        for reply in shipped(unsafe, told, language)
    ]
    assert len(found) >= 6
    for reply in found:
        beginning, _, rest = reply.text.partition(TWO_HOURS[language])
        assert rest, reply.text
        assert re.search(FIRST[language], beginning[: len(beginning) // 2]), reply.text
        assert re.search(EMERGENCY, beginning), reply.text
        (promise,) = reply.commitments
        assert promise.due_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("language", SMOKE)
def test_only_what_smokes_or_gives_shocks_is_to_be_switched_off(language: str) -> None:
    """Under a fall on a wet floor it would be beside the point."""
    off = re.compile("switch it off|leave it off|wyłączyć|nie włączać|apágalo|enciendas|schalten")
    smoking = [off.search(text) for text in under_danger(SMOKE[language], language)]
    other = [off.search(text) for text in under_danger(COMPLAINTS[language], language)]
    assert all(smoking)
    assert not any(other)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Glass in the baby food of your brand, I was shocked."),
        ("en", "The fire door was chained shut and the gazebo fell on him."),
        ("en", "Your coffee burnt my hand."),
        ("en", "Glass in the smoked salmon, it was a shock to find it."),
        ("pl", "Kurier kopnął mnie w kostkę, bateria łazienkowa odpadła."),
        ("pl", "W kotlecie był metal."),
        ("es", "Nadie me llama y el escalón sigue roto, qué mal humor."),
        ("es", "El salmón ahumado tenía un vidrio y reventó la rueda."),
        ("de", "In Brandenburg ist ein Gast auf der Gasse gestürzt."),
        ("de", "In der Therme auf nassen Fliesen ausgerutscht, Sicherungsbügel offen."),
    ],
)
def test_words_that_only_look_like_fire_switch_nothing_off(language: str, told: str) -> None:
    assert under_danger(told, language) == under_danger(COMPLAINTS[language], language)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The charger exploded."),
        ("en", "It caught fire in the night."),
        ("en", "It shocks me every time, and the wiring is exposed."),
        ("pl", "Spaliła się pralka."),
        ("pl", "Suszarka zaczęła dymić."),
        ("es", "Se derritió y salían llamas."),
        ("de", "Ein Stromstoß, dann starke Rauchentwicklung."),
        ("pl", "Zaiskrzyło i prąd mnie kopnął."),
        ("es", "Me dio una descarga al tocarlo."),
        ("de", "An der Gastherme riecht es."),
        ("de", "Der Trockner ist durchgebrannt, Kurzschluss."),
    ],
)
def test_fire_gas_and_current_are_heard_in_many_words(language: str, told: str) -> None:
    assert not under_danger(told, language) & under_danger(COMPLAINTS[language], language)


def test_hello_after_a_leak_is_about_the_leak() -> None:
    asked = case(
        complaint="Hello?? Anyone there?",
        thread=[{"author": "customer", "text": "It smells of gas since your fitter left."}],
    )
    unsafe = triage(Kind.COMPLAINT, "en", Sensitivity.SAFETY)
    (first, *_) = in_our_words(LAMPWICK, asked, unsafe, language="en", recent=(), now=NOW)
    assert "gas" in first.text


def test_a_kind_word_from_the_brand_ends_no_leak() -> None:
    leak = {"author": "customer", "text": "It smells of gas since your fitter left."}
    kind = {"author": "brand", "text": "Sorry to hear that! We will look into it."}
    asked = case(complaint="Hello? Nobody has rung.", thread=[leak, kind])
    unsafe = triage(Kind.COMPLAINT, "en", Sensitivity.SAFETY)
    (first, *_) = in_our_words(LAMPWICK, asked, unsafe, language="en", recent=(), now=NOW)
    assert "gas" in first.text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "My daughter swallowed one of the little batteries."),
        ("pl", "Córka połknęła baterię z pilota."),
        ("es", "Mi hija se tragó la batería del mando."),
        ("de", "Meine Tochter hat eine Batterie verschluckt."),
    ],
)
def test_a_swallowed_battery_is_not_to_be_switched_off(language: str, told: str) -> None:
    assert under_danger(told, language) == under_danger(COMPLAINTS[language], language)


TERMS = "community terms|regulamin|normas de la comunidad|Community-Regeln"


@pytest.mark.parametrize(("kind", "language"), list(product(ABUSIVE, COMPLAINTS)))
def test_terms_that_a_brand_has_not_are_not_cited(kind: Kind, language: str) -> None:
    asked = triage(kind, language)
    with_terms = [reply.text for reply in shipped(asked, "Late.", language)]
    without = [reply.text for reply in shipped(asked, "Late.", language, PLAIN)]
    assert any(re.search(TERMS, text) for text in with_terms)
    assert not any(re.search(TERMS, text) for text in without)
    assert not any(sign in text for text in (*with_terms, *without) for sign in "[]")
    for text in without:
        said = context(text, language=language, move=MoveKind.BOUNDARY_STATEMENT)
        assert not list(find_missing_boundary(said)), text


def test_a_brand_that_promises_less_than_two_hours_keeps_its_own_time() -> None:
    quick = LAMPWICK.model_copy(update={"follow_up_windows": ("an update within 1 hour",)})
    unsafe = triage(Kind.COMPLAINT, "en", Sensitivity.SAFETY)
    for reply in shipped(unsafe, "It smells of gas.", "en", quick):
        assert "within an hour" in reply.text


THANKS = "thank|dzięk|graci|agradec|dank"


@pytest.mark.parametrize("language", COMPLAINTS)
def test_who_threatens_with_a_lawyer_is_not_thanked(language: str) -> None:
    threat = triage(Kind.COMPLAINT, language, Sensitivity.LEGAL_THREAT)
    found = shipped(threat, "Late.", language)
    assert len(found) >= 3
    for reply in found:
        assert not re.search(THANKS, reply.text.lower())
        assert reply.commitments


@pytest.mark.parametrize(("kind", "language"), list(product((Kind.ABUSE, Kind.HATE), COMPLAINTS)))
def test_nothing_is_owed_where_nothing_was_complained_of(kind: Kind, language: str) -> None:
    found = shipped(triage(kind, language), "Late.", language)
    assert len(found) >= 3
    assert not any(reply.commitments for reply in found)
