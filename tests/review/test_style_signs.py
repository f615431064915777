"""What edits have in common, sign by sign and in four languages; and what they speak for. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain.edits import EditFinding, EditKind
from service.domain.learning import EditedReply, Scope, StyleNote, StyleNoteStatus, StyleSign
from service.review.proposing import counted, proposals, spoken_for, turned_down
from service.review.style_signs import SIGNS, Compared, signs_of

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
SORRY = "I'm sorry that the glass came smashed. A new one is on its way."


def edited(before: str, after: str, *kinds: str, language: str = "en", **more: Any) -> EditedReply:
    """An edit whose findings, one for each kind, are about the whole reply."""
    return EditedReply.model_validate(
        {
            "draft_id": "drf_1",
            "thread_id": "t1",
            "language": language,
            "channel": "x",
            "kind": "complaint",
            "decided_at": NOW,
            "before": before,
            "after": after,
            "findings": [{"kind": kind, "before": before, "after": after} for kind in kinds],
            **more,
        }
    )


WE_I = {
    "en": ("We looked. We will write.", "I looked. I will write."),
    "pl": ("Przepraszamy, sprawdzamy to.", "Przepraszam, zaraz to sprawdzę, ja sam."),
    "es": ("Lo sentimos mucho, estamos en ello.", "Lo siento mucho, estoy en ello."),
    "de": ("Das tut uns leid, wir prüfen das.", "Das tut mir leid, ich prüfe das."),
}
GREETED = {
    "en": ("Hi Dana,\n", "Hello Dana, ", "Hi"),
    "pl": ("Cześć Anno, ", "Dzień dobry, ", "Cześć"),
    "es": ("Hola, Ana: ", "Estimada Ana: ", "Hola"),
    "de": ("Hallo Jens, ", "Sehr geehrter Herr Kurz, ", "Hallo"),
}
THANKED = {
    "en": "Thank you for telling me.",
    "pl": "Dziękuję, że piszesz.",
    "es": "Gracias por avisar.",
    "de": "Danke fürs Schreiben.",
}
SIGNED = {"en": "Kind regards, Ines", "pl": "Pozdrawiam, Ola", "es": "Un saludo, Marta"}
PROMISED = {
    "en": ("I'll write to you here.", "I'll write to you here by 18:00 tomorrow."),
    "pl": ("Napiszę tu do Ciebie.", "Napiszę tu do Ciebie jutro do 18:00."),
    "es": ("Te escribo por aquí.", "Te escribo por aquí mañana antes de las 18:00."),
    "de": ("Ich melde mich hier.", "Ich melde mich hier bis morgen 18 Uhr."),
}
EXCUSED = {
    "en": ("Unfortunately that is slow. It goes out now.", "It goes out now."),
    "pl": ("Niestety to trwa. Już wysyłam.", "Już wysyłam."),
    "es": ("Lamentablemente tarda. Ya sale.", "Ya sale."),
    "de": ("Leider dauert das. Es geht jetzt raus.", "Es geht jetzt raus."),
}
APOLOGISED = {
    "en": ("The lamp broke. Sorry.", "I'm sorry about the lamp. It broke."),
    "pl": ("Lampa pękła. Przykro mi.", "Przepraszam za lampę. Pękła."),
    "es": ("La lámpara se rompió. Perdona.", "Siento lo de la lámpara. Se rompió."),
    "de": ("Die Lampe ist kaputt. Sorry.", "Das mit der Lampe tut mir leid. Sie ist kaputt."),
}
REGISTER = {
    "pl": ("Proszę, niech Pani napisze numer.", "Napisz mi, jaki to Twój numer."),
    "es": ("Usted puede cambiarla.", "Tú puedes cambiarla."),
    "de": ("Hier können Sie das tauschen.", "Hier kannst du das tauschen."),
}


def _rows() -> "list[tuple[StyleSign, EditedReply]]":
    rows = [
        *((StyleSign.ONE_PERSON, edited(*WE_I[one], "voice", language=one)) for one in WE_I),
        *((StyleSign.SAY_BY_WHEN, edited(*PROMISED[o], "promise", language=o)) for o in PROMISED),
        *((StyleSign.NO_EXCUSE, edited(*EXCUSED[one], "tone", language=one)) for one in EXCUSED),
        *((StyleSign.APOLOGY_FIRST, edited(*APOLOGISED[o], language=o)) for o in APOLOGISED),
        *((StyleSign.FAMILIAR, edited(*REGISTER[o], "voice", language=o)) for o in REGISTER),
        *((StyleSign.FORMAL, edited(*REGISTER[o][::-1], "voice", language=o)) for o in REGISTER),
        (StyleSign.SHORT_FORMS, edited("I am glad. It is done.", "I'm glad. It's done.")),
        (StyleSign.SHORTER, edited(SORRY * 2, SORRY, "length")),
        (StyleSign.LONGER, edited(SORRY, SORRY * 2, "length")),
        (StyleSign.NO_EXCLAMATION, edited("Sorry! ¡Perdona!", "Sorry. Perdona.", "typo")),
    ]
    for one, (greeting, other, _) in GREETED.items():
        rows.append((StyleSign.GREET, edited(SORRY, greeting + SORRY, language=one)))
        rows.append((StyleSign.GREET, edited(other + SORRY, greeting + SORRY, language=one)))
        rows.append((StyleSign.NO_GREETING, edited(greeting + SORRY, SORRY, language=one)))
    for one, thanks in THANKED.items():
        rows.append((StyleSign.THANK, edited(SORRY, f"{SORRY} {thanks}", language=one)))
    for one, signature in SIGNED.items():
        rows.append((StyleSign.SIGN, edited(SORRY, f"{SORRY}\n{signature}", language=one)))
        rows.append((StyleSign.NO_SIGNATURE, edited(f"{SORRY}\n{signature}", SORRY, language=one)))
    for name in ("Declan Moore", "Łucja", "José Ruiz", "Jürgen"):
        first = name.split()[0]
        rows.append((StyleSign.NAME_FIRST, edited(SORRY, f"{first}, {SORRY}", customer=name)))
    return rows


@pytest.mark.parametrize(
    ("sign", "edit"), _rows(), ids=[f"{s}-{e.language}-{n}" for n, (s, e) in enumerate(_rows())]
)
def test_a_sign_holds_one_way_only(sign: StyleSign, edit: EditedReply) -> None:
    compared = Compared(edit)
    assert sign in signs_of(compared)
    if not (sign is StyleSign.GREET and compared.old.greeting):  # one greeting for another
        assert sign not in signs_of(compared.turned)


def test_what_style_cannot_mend_has_no_sign() -> None:
    mended = {sign.kind for sign in SIGNS.values()}
    for kind in (EditKind.FACT, EditKind.PRIVATE_DATA, EditKind.LANGUAGE, EditKind.MISSED_ISSUE):
        assert kind not in mended
    other = edited("We're sorry!", "Das tut mir leid. Danke.", "language", language="de")
    assert signs_of(Compared(other)) == set()
    facts = edited("You get €10 back.", "You get €4 back.", "fact")
    assert signs_of(Compared(facts)) == set()


def several(count: int, edit: EditedReply, *, first: int = 1, **more: Any) -> list[EditedReply]:
    """The same edit in so many drafts, each in a thread of its own."""
    return [
        edit.model_copy(
            update={
                "draft_id": f"drf_{n}",
                "thread_id": f"t{n}",
                "decided_at": NOW - timedelta(days=30) + timedelta(hours=n),
                **more,
            }
        )
        for n in range(first, first + count)
    ]


ONE_PERSON = edited(*WE_I["en"], "voice")


@pytest.mark.parametrize(
    ("edits", "scopes"),
    [
        (several(2, ONE_PERSON), []),
        (several(3, ONE_PERSON, thread_id="t1"), []),
        (several(3, ONE_PERSON), [Scope(language="en", channel="x", kind="complaint")]),
        (
            [*several(2, ONE_PERSON), *several(1, ONE_PERSON, first=7, kind="question")],
            [Scope(language="en", channel="x")],
        ),
        (
            [*several(2, ONE_PERSON), *several(1, ONE_PERSON, first=7, channel="email")],
            [Scope(language="en")],
        ),
        (
            [
                *several(2, ONE_PERSON),
                *several(2, edited(*WE_I["de"], "voice", language="de"), first=7),
            ],
            [Scope()],
        ),
        (
            [*several(3, ONE_PERSON), *several(2, ONE_PERSON, first=7, channel="email")],
            [Scope(language="en", channel="x", kind="complaint")],
        ),
        (
            [
                *several(3, ONE_PERSON),
                *several(2, edited(*reversed(WE_I["en"]), "voice"), first=7),
            ],
            [],
        ),
    ],
    ids=[
        "two drafts",
        "one thread",
        "the narrowest",
        "without the kind",
        "without the channel",
        "without the language",
        "an edit speaks once",
        "people disagree",
    ],
)
def test_the_narrowest_scope_that_holds_enough(
    edits: list[EditedReply], scopes: list[Scope]
) -> None:
    found = [one for one in proposals(edits) if one.sign is StyleSign.ONE_PERSON]
    assert [one.scope for one in found] == scopes


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        (several(3, ONE_PERSON), "Write as one person: I, not we."),
        (
            several(4, edited("x" * 380, "y" * 232, "length")),
            "Keep it short: near 230 characters.",
        ),
        (several(3, edited(SORRY, f"hi Dana,\n{SORRY}", "tone")), 'Begin with "Hi".'),
        (
            several(3, edited(*REGISTER["de"], "voice", language="de")),
            "Say du, not Sie.",
        ),
    ],
    ids=["voice", "length", "greeting", "register"],
)
def test_a_note_says_what_to_do(edits: list[EditedReply], text: str) -> None:
    assert text in [one.text for one in proposals(edits)]


def test_no_words_of_a_reply_enter_a_note() -> None:
    own = "Dana Quillfeather order 4471-2290 Plover"
    before, after = f"We saw {own}!! Unfortunately.", f"Hi Dana Quillfeather, I saw {own}. Sorry."
    edits = several(3, edited(before, after, "voice", "tone", "length", customer="Dana Q"))
    found = proposals(edits)
    assert len(found) >= 3
    for one in found:
        assert not {"Dana", "Quillfeather", "4471", "Plover"} & set(one.text.split())
        assert len(one.text) <= 200


def test_every_kind_of_edit_is_counted() -> None:
    facts = several(3, edited("You get €10.", "You get €4.", "fact", "typo"))
    assert proposals(facts) == []
    assert counted(facts) == {EditKind.FACT: 3, EditKind.TYPO: 3}


def _note(status: StyleNoteStatus, **more: Any) -> StyleNote:
    return StyleNote.model_validate(
        {
            "id": "note_1",
            "brand_id": "lampwick",
            "edit_kind": "voice",
            "sign": "one_person",
            "text": "I, not we.",
            "language": "en",
            "status": status,
            "created_at": NOW - timedelta(days=200),
            **more,
        }
    )


def test_what_waits_or_counts_is_said_already() -> None:
    (proposal,) = proposals(several(3, ONE_PERSON))
    later = NOW + timedelta(days=1)
    assert spoken_for(proposal, _note(StyleNoteStatus.PROPOSED), NOW)
    assert spoken_for(proposal, _note(StyleNoteStatus.ACCEPTED, expires_at=later), NOW)
    assert not spoken_for(proposal, _note(StyleNoteStatus.ACCEPTED, expires_at=NOW), NOW)
    assert not spoken_for(proposal, _note(StyleNoteStatus.DECLINED), NOW)
    assert not spoken_for(proposal, _note(StyleNoteStatus.PROPOSED, sign="formal"), NOW)
    assert not spoken_for(proposal, _note(StyleNoteStatus.PROPOSED, language="de"), NOW)


@pytest.mark.parametrize("status", ["declined", "retired", "accepted"])
@pytest.mark.parametrize(("newer", "down"), [(4, True), (5, False)])
def test_what_people_turned_down_needs_five_newer_edits(
    status: str, newer: int, down: bool
) -> None:
    ended = NOW - timedelta(days=30) + timedelta(hours=3, minutes=30)
    (proposal,) = proposals([*several(3, ONE_PERSON), *several(newer, ONE_PERSON, first=4)])
    scope = {"language": "en", "channel": "x", "kind": "complaint"}
    field = "expires_at" if status == "accepted" else "decided_at"
    note = _note(StyleNoteStatus(status), **scope, **{field: ended})
    assert turned_down(proposal, note, NOW) is down


def test_a_finding_without_words_is_no_trouble() -> None:
    bare = ONE_PERSON.model_copy(update={"findings": (EditFinding(kind=EditKind.VOICE),)})
    assert signs_of(Compared(bare)) <= {StyleSign.SHORT_FORMS}
