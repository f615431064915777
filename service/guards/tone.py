"""How the reply speaks: the checks that read its tone. Phrases live in `lexicon/*.yaml`."""

from collections.abc import Iterable

import regex

from service.guards.context import CheckContext, Hit
from service.guards.phrases import find_phrases, straightened, without_overlaps
from service.guards.profanity import (
    Foul,
    find_foul_words,
    find_insults,
    find_repeated_abuse,
)
from service.guards.quotes import without_quotes

# Somebody says "I" (or an inflected verb that means it): a person speaks.
_FIRST_PERSON = {
    "en": regex.compile(r"(?<!\w)(?:I|I'[a-z]{1,2}|[Mm]yself|[Mm]e|[Mm]y(?!\s+apolog))(?!\w)"),
    "pl": regex.compile(
        r"""(?i)(?<!\w)(?:przepraszam|ja|mi|mnie|mną|mój|moja|moje|moim|rozumiem|dziękuję|dziekuje
        |sprawdz[ęa]m?|wyjaśni[ęa]m?|napiszę|odpiszę|zajmę|zajmuję|jestem|mogę|chcę|chciał[ao]?bym
        |chciałbym|wiem|widzę|postaram|staram|przekażę|przekazuję|wrócę|dam|ustalę|pomogę|zadzwonię
        |odezwę|dopilnuję|zobaczę|poproszę|prześlę|wyślę|zgłaszam|zgłoszę|pytam|zapytam|dowiem
        |przyjrzę|żałuję|ubolewam|cieszę|doceniam|[a-ząćęłńóśźż]{2,}(?:łem|łam))(?!\w)""",
        regex.VERBOSE,
    ),
    "es": regex.compile(
        r"""(?i)(?<!\w)(?:yo|me|mí|mi|mis|conmigo|siento|lamento|entiendo|comprendo|puedo|quiero
        |voy|estoy|he|soy|pido|agradezco|reviso|revisaré|miro|miraré|compruebo|comprobaré|escribo
        |escribiré|llamaré|averiguo|averiguaré|paso|pasaré|hablaré|hablo|doy|daré|tengo|veo|veré
        |haré|hago|sé|disculpo|respondo|responderé|vuelvo|volveré|traslado|trasladaré|gestiono
        |abro|abriré|encargo|ocupo|ocuparé|encargaré|necesito|quisiera|querría)(?!\w)""",
        regex.VERBOSE,
    ),
    "de": regex.compile(r"(?i)(?<!\w)(?:ich|mir|mich|mein|meine|meinen|meiner|meinem)(?!\w)"),
}
_COMPANY_RULES = frozenset({"company_speaks", "team_signature"})


def find_defensive(context: CheckContext) -> Iterable[Hit]:
    """The reply argues the brand's case."""
    return find_phrases(context, "defensive")


def find_blames_customer(context: CheckContext) -> Iterable[Hit]:
    """The reply says or implies that the customer caused it."""
    return find_phrases(context, "blames_customer")


def find_non_apology(context: CheckContext) -> Iterable[Hit]:
    """Sorry "if", or for their feelings, instead of for what happened."""
    return find_phrases(context, "non_apology")


def find_sarcasm_or_emotional(context: CheckContext) -> Iterable[Hit]:
    """Irony at the customer's cost, or the agent's own outrage."""
    return find_phrases(context, "sarcasm_or_emotional")


def find_ai_tell(context: CheckContext) -> Iterable[Hit]:
    """What shows that a machine wrote it."""
    return find_phrases(context, "ai_tell")


def find_admits_legal_liability(context: CheckContext) -> Iterable[Hit]:
    """Words a court would read as an admission."""
    return find_phrases(context, "admits_legal_liability")


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


def find_corporate_we(context: CheckContext) -> Iterable[Hit]:
    """The company speaks and no person does: always for a team's voice, else without any "I"."""
    hits = find_phrases(context, "corporate_we", rules=_COMPANY_RULES)
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
