import pytest

from service.domain.triage import DANGERS, Kind, Sensitivity, Sentiment
from service.triage.hate import Hostility
from service.triage.judging import holds, kind_of, sensitivities_of, sentiment_of
from service.triage.post_reader import FLAGS, KINDS, SENTIMENTS, Mark, PostReading, joined
from service.triage.reproach import Reproach
from service.triage.selling import sells

CALM, INSULT, HATE = Hostility(), Hostility(insult=True), Hostility(hate=True)


def read(
    kinds: dict[Kind, float] | None = None, *, worst: float = 0.0, **flags: float
) -> PostReading:
    return PostReading(
        kinds={kind: (kinds or {}).get(kind, 0.01) for kind in KINDS},
        sentiments={mood: float(mood is Sentiment.NEGATIVE) for mood in SENTIMENTS},
        flags={flag: flags.get(flag, 0.0) for flag in FLAGS},
        points=(1.0,),
        worst=dict.fromkeys(DANGERS, worst),
    )


@pytest.mark.parametrize(
    ("shares", "hostility", "kind"),
    [
        ({Kind.COMPLAINT: 0.9}, CALM, Kind.COMPLAINT),
        ({Kind.COMPLAINT: 0.7, Kind.MIXED: 0.25}, CALM, Kind.COMPLAINT),
        ({Kind.COMPLAINT: 0.7, Kind.MIXED: 0.25}, INSULT, Kind.MIXED),
        ({Kind.COMPLAINT: 0.97, Kind.MIXED: 0.02}, INSULT, Kind.COMPLAINT),
        (
            {Kind.COMPLAINT: 0.7, Kind.MIXED: 0.25},
            Hostility(insult=True, objects=True),
            "complaint",
        ),
        ({Kind.COMPLAINT: 0.8, Kind.HATE: 0.1}, HATE, Kind.HATE),
        ({Kind.COMPLAINT: 0.8, Kind.MIXED: 0.1}, HATE, Kind.MIXED),
        ({Kind.SPAM: 0.95}, INSULT, Kind.SPAM),
        ({Kind.SPAM: 0.6}, CALM, Kind.COMPLAINT),
    ],
)
def test_listed_words_tip_what_the_reader_leaves_open(
    shares: dict[Kind, float], hostility: Hostility, kind: Kind
) -> None:
    assert kind_of(read(shares), hostility, sells=True) == kind


HARSH, WORSE = Reproach(demands=True, only=True), Reproach(demands=True, only=False)


@pytest.mark.parametrize(
    ("likeliest", "reproach", "kind"),
    [
        (Kind.ABUSE, HARSH, Kind.COMPLAINT),
        (Kind.MIXED, HARSH, Kind.COMPLAINT),
        (Kind.COMPLIMENT, HARSH, Kind.COMPLAINT),
        (Kind.QUESTION, HARSH, Kind.COMPLAINT),
        (Kind.ABUSE, WORSE, Kind.MIXED),
        (Kind.MIXED, WORSE, Kind.MIXED),
        (Kind.HATE, HARSH, Kind.HATE),
        (Kind.ABUSE, Reproach(demands=False, only=True), Kind.ABUSE),
        (Kind.COMPLIMENT, WORSE, Kind.COMPLIMENT),
    ],
)
def test_who_demands_what_is_owed_complains(
    likeliest: Kind, reproach: Reproach, kind: Kind
) -> None:
    assert kind_of(read({likeliest: 0.9}), CALM, sells=False, reproach=reproach) is kind


def test_what_sells_nothing_is_answered_unless_the_reader_is_next_to_certain() -> None:
    likely = read({Kind.SPAM: 0.97, Kind.QUESTION: 0.02})
    assert kind_of(likely, CALM, sells=True) is Kind.SPAM
    assert kind_of(likely, CALM, sells=False) is Kind.QUESTION
    assert kind_of(read({Kind.SPAM: 0.999}), CALM, sells=False) is Kind.SPAM


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Earn 900 a day, DM me", True),
        ("Kliknij w link w bio", True),
        ("Compra seguidores baratos", True),
        ("Kredit ohne Schufa bis 80.000", True),
        ("where's my parcel? Order 88412093", False),
        ("Wo bleibt mein Paket? Bestellnummer 99120, Müller", False),
        ("Nadal nic, zamówienie 77120", False),
        ("¿Dónde está mi pedido 77120?", False),
    ],
)
def test_signs_of_spam(text: str, sign: bool) -> None:
    assert sells(text) is sign


def test_a_likely_danger_is_raised_and_reach_is_press() -> None:
    found = sensitivities_of(read(safety=0.35), hate=False, followers=80_000)
    assert found == {Sensitivity.SAFETY, Sensitivity.PRESS}
    assert sensitivities_of(read(), hate=True, followers=None) == {Sensitivity.DISCRIMINATION}
    said = frozenset({Sensitivity.HEALTH})
    assert sensitivities_of(read(), hate=False, followers=9, plain=said) == {Sensitivity.HEALTH}


def test_a_danger_in_one_sentence_is_not_thinned_out_by_the_others() -> None:
    found = sensitivities_of(read(worst=0.97), hate=False, followers=None)
    assert found == {Sensitivity.SAFETY, Sensitivity.HEALTH}
    assert sensitivities_of(read(worst=0.6), hate=False, followers=None) == set()


def test_marks_and_mood() -> None:
    assert holds(read(chases=0.6), Mark.CHASES)
    assert not holds(read(chases=0.1), Mark.CHASES)
    assert sentiment_of(read()) is Sentiment.NEGATIVE


def test_what_holds_of_any_part_holds_of_a_long_post() -> None:
    whole = joined([read({Kind.COMPLAINT: 0.9}, safety=0.8), read({Kind.COMPLIMENT: 0.5})])
    assert whole.flags["safety"] == 0.8
    assert whole.kinds[Kind.COMPLAINT] == pytest.approx(0.455)
    assert whole.points == (1.0, 1.0)
