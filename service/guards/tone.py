"""How the reply speaks: the checks that read its tone. Phrases live in `lexicon/*.yaml`."""

from collections.abc import Iterable
from functools import cache

import regex

from service.guards.context import CheckContext, Hit
from service.guards.learned import with_learned
from service.guards.phrases import find_phrases, straightened, without_overlaps
from service.guards.profanity import (
    Foul,
    find_foul_words,
    find_insults,
    find_repeated_abuse,
)
from service.guards.quotes import without_quotes
from service.guards.reading import Label

# Somebody says "I" (or an inflected verb that means it): a person speaks.
_FIRST_PERSON = {
    "en": regex.compile(r"(?<!\w)(?:I|I'[a-z]{1,2}|[Mm]yself|[Mm]e|[Mm]y(?!\s+apolog))(?!\w)"),
    "pl": regex.compile(
        r"""(?i)(?<!\w)(?:przepraszam|ja|mi|mnie|mną|mój|moja|moje|moim|rozumiem|dziękuję|dziekuje
        |sprawdz[ęa]m?|wyjaśni[ęa]m?|napiszę|odpiszę|zajmę|zajmuję|jestem|mogę|chcę|chciał[ao]?bym
        |chciałbym|wiem|widzę|postaram|staram|przekażę|przekazuję|wrócę|dam|ustalę|pomogę|zadzwonię
        |odezwę|dopilnuję|zobaczę|poproszę|prześlę|wyślę|zgłaszam|zgłoszę|pytam|zapytam|dowiem
        |przyjrzę|żałuję|ubolewam|cieszę|doceniam|[a-ząćęłńóśźż]{2,}(?:łem|łam)
        |(?!nam|wam|tam|sam|program|reklam|proszę|wiedzę|władzę)[a-ząćęłńóśźż]{3,}(?:uję|szę|żę|czę|dzę|mię|wię|bię|pię|rzę|ślę)
        |zapytam|pytam|szukam|czekam|mam|oddam|powiem|odpowiem|wiem|umawiam|odpisuję)(?!\w)""",
        regex.VERBOSE,
    ),
    "es": regex.compile(
        r"""(?i)(?<!\w)(?:yo|me|mí|mi|mis|conmigo|siento|lamento|entiendo|comprendo|puedo|quiero
        |voy|estoy|he|soy|pido|agradezco|reviso|revisaré|miro|miraré|compruebo|comprobaré|escribo
        |escribiré|llamaré|averiguo|averiguaré|paso|pasaré|hablaré|hablo|doy|daré|tengo|veo|veré
        |haré|hago|sé|disculpo|respondo|responderé|vuelvo|volveré|traslado|trasladaré|gestiono
        |abro|abriré|busco|pregunto|mando|envío|cambio|paso|cuento|digo|leo|\w{3,}(?:aré|eré|iré)|encargo|ocupo|ocuparé|encargaré|necesito|quisiera|querría)(?!\w)""",
        regex.VERBOSE,
    ),
    "de": regex.compile(r"(?i)(?<!\w)(?:ich|mir|mich|mein|meine|meinen|meiner|meinem)(?!\w)"),
}
_COMPANY_RULES = frozenset({"company_speaks", "team_signature"})


def _found(context: CheckContext, label: Label) -> Iterable[Hit]:
    return with_learned(find_phrases(context, label.value), context, label)


def find_defensive(context: CheckContext) -> Iterable[Hit]:
    """The reply argues the brand's case."""
    return _found(context, Label.DEFENSIVE)


def find_blames_customer(context: CheckContext) -> Iterable[Hit]:
    """The reply says or implies that the customer caused it."""
    return _found(context, Label.BLAMES_CUSTOMER)


def find_non_apology(context: CheckContext) -> Iterable[Hit]:
    """Sorry "if", or for their feelings, instead of for what happened."""
    return _found(context, Label.NON_APOLOGY)


def find_sarcasm_or_emotional(context: CheckContext) -> Iterable[Hit]:
    """Irony at the customer's cost, or the agent's own outrage."""
    return _found(context, Label.SARCASM_OR_EMOTIONAL)


def find_ai_tell(context: CheckContext) -> Iterable[Hit]:
    """What shows that a machine wrote it."""
    return _found(context, Label.AI_TELL)


def find_admits_legal_liability(context: CheckContext) -> Iterable[Hit]:
    """Words a court would read as an admission."""
    return _found(context, Label.ADMITS_LEGAL_LIABILITY)


def _a_person_speaks(context: CheckContext) -> bool:
    first_person = _FIRST_PERSON.get(context.language, _FIRST_PERSON["en"])
    return bool(first_person.search(straightened(without_quotes(context.reply))))


def _signature_of_the_brand(context: CheckContext) -> list[Hit]:
    """The reply ends with the brand's name alone where a person's belongs."""
    last = context.sentences[-1] if context.sentences else None
    names = {name.casefold() for name in (context.brand.name, *context.brand.mentions.names)}
    if last is None or last.start == 0 or last.text.strip(" -–—~^.!").casefold() not in names:
        return []
    return [
        Hit(
            message="The brand signs here, not a person.",
            suggestion="Sign with a first name.",
            start=last.start,
            end=last.end,
        )
    ]


# What a company says of itself where a person would say "I"; rules ("collects", "covers") are none.
_VOICE = {
    "en": r"(?:sincerely |truly |deeply |always |would like to )?(?:apologi[sz]es?|regrets?|takes?"
    r"|values?|thanks?|wishes|strives|cares|prides|promises|guarantees|stands for|appreciates?"
    r"|is (?:\w+ )?(?:sorry|sad\w*|committed|proud|dedicated|aware|happy|pleased|grateful|shocked"
    r"|concerned|delighted|determined|here for)|would like|wants)",
    "pl": r"(?:\w+ )?(?:przeprasza|ubolewa|dokłada|dziękuje|pragnie|zapewnia|traktuje|dba|stawia"
    r"|żałuje|docenia|szanuje|stara się|gwarantuje|wyraża|kieruje się)",
    "es": r"(?:\w+ )?(?:lamenta|pide|siente|agradece|quiere|desea|se compromete|apuesta|valora"
    r"|trabaja|cuida|se disculpa|garantiza|se esfuerza|se toma)",
    "de": r"(?:\w+ )?(?:entschuldigt sich|bedauert|dankt|legt|nimmt|möchte|setzt|bittet|schätzt"
    r"|garantiert|steht für|bemüht sich|ist (?:\w+ )?(?:stolz|bemüht|bestrebt))",
}


_GROUP = (
    r"(?i:(?: |-)(?:family|team|crew|staff|group|people|rodzina|zespół|familia|equipo|familie))?"
)


_INSIDE = r"(?:(?:here )?at|w|u nas w|en|desde|bei|hier bei)"
_ABOUT_US = (
    r"(?:we|every|each|all|our|your|customers?|complaints?|feedback|każd\w+|wszystk\w+"
    r"|cada|todas?|todos|nuestr\w+|wird|werden|legen|nehmen|steht|hat jede\w?)"
)
_OPENING = r"(?:^|(?<=[.!?\n–:] )|(?<=, )|(?<=\n))(?:(?:we|all|everyone) (?:at|of) )?(?:the )?"


@cache
def _brand_pattern(names: tuple[str, ...], language: str) -> regex.Pattern[str]:
    named = "|".join(regex.escape(name) for name in names)
    voice = _VOICE.get(language, _VOICE["en"])
    return regex.compile(
        rf"(?i:(?<!\w){_INSIDE} (?:{named}),? {_ABOUT_US})(?!\w)"
        rf"|(?i:{_OPENING}(?:{named})){_GROUP} (?i:{voice})(?!\w)"
    )


def _brand_speaks(context: CheckContext) -> list[Hit]:
    """`Tidewell apologises`: the brand's name as the one who feels and thanks."""
    every = (context.brand.name, *context.brand.mentions.names)
    names = tuple(dict.fromkeys(name for name in every if name))
    text = without_quotes(straightened(context.reply))
    return [
        Hit(
            message="Here the company speaks; nobody signs for it.",
            suggestion="Let one person speak, in the first person, and sign with a first name.",
            start=match.start(),
            end=match.end(),
        )
        for match in _brand_pattern(names, context.language).finditer(text)
    ]


def find_corporate_we(context: CheckContext) -> Iterable[Hit]:
    """The company speaks and no person does: always for a team's voice, else without any "I"."""
    hits = find_phrases(context, "corporate_we", rules=_COMPANY_RULES)
    hits += _brand_speaks(context)
    hits += _signature_of_the_brand(context)
    if not _a_person_speaks(context):
        hits += find_phrases(context, "corporate_we", rules={"we_as_speaker"})[:1]
    return without_overlaps(hits)


def _foul_hit(foul: Foul, message: str, suggestion: str) -> Hit:
    return Hit(message=message, suggestion=suggestion, start=foul.start, end=foul.end)


def find_hate_or_profanity(context: CheckContext) -> Iterable[Hit]:
    """Insults, swearing and slurs; a customer's slur counts too when the reply repeats it."""
    reply = straightened(context.reply)
    customer = straightened(context.case.complaint.text)
    words = find_foul_words(reply, context.language)
    hits = [
        _foul_hit(
            foul,
            "A swear word or a slur, disguised or not, in the brand's own reply.",
            "Say it without the word; to set a limit, name the behaviour, not the word.",
        )
        for foul in words
    ]
    hits += [
        _foul_hit(
            foul,
            "This repeats the customer's abuse in public.",
            "Say that such language is not accepted here without repeating it.",
        )
        for foul in find_repeated_abuse(reply, customer)
    ]
    hits += [
        _foul_hit(
            foul,
            "This insults the person it is written to.",
            "Stay calm; speak about the matter or name the limit once.",
        )
        for foul in find_insults(reply, context.language)
    ]
    return without_overlaps(hits)
