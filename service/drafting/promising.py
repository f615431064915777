"""The words of a promise, and where it begins in a sentence that first asks something."""

import re

from service.text.folding import fold
from service.text.windows import Window, promised_time

# The writer speaks of what they will do; an instruction to the customer is no promise.
I_WILL = re.compile(
    r"(?<!\w)(?:i'll|i will|i'm going to|i am going to|we'll|we will|you'll (?:hear|have|get)|"
    r"(?:and|,) will (?:write|reply|answer|be back|get back|come back|let you|update|call|ring|"
    r"confirm|tell|send|message)|a person will (?:write|answer)|"
    r"you will (?:hear|have|get)|i promise|expect (?:my|an|a)|my answer will|"
    r"odezwe sie|odpisze|odpowiem|wroce|napisze|dam znac|sprawdze|przekaze|zadzwonie|otrzymasz|"
    r"odezwiemy|damy znac|odpowiemy|"
    r"te (?:escribo|contesto|respondo|aviso|digo|llamo|escribire|respondere|contestare)|"
    r"le (?:escribo|respondo|escribire|respondere)|voy a|vamos a|vuelvo aqui|tendras|tendra|"
    r"ich (?:melde|schreibe|antworte|rufe|gebe|klare|kummere|sage|bin \w+ (?:wieder|zuruck))|"
    r"(?:melde|schreibe|antworte) mich|(?:melde|schreibe|antworte|rufe|sage|gebe) ich(?! mal)|"
    r"(?:und|,) (?:melde|schreibe|antworte|bin)|"
    r"du horst|sie horen|meine antwort (?:kommt|steht)|"
    r"wir (?:melden|schreiben|antworten))"
)
# The Polish "and" is no English "I".
_AND = r"(?:and|i(?!\s(?:will|am|shall|promise)\b)|oraz|y|e|und)"
_BREAK = re.compile(rf"(?:[,;:]|\s-)\s+(?:(?:{_AND}|a)\s+)?|\s{_AND}\s+")
_ASKS = re.compile(
    r"(?<!\w)(?:please|kindly|(?:could|would|can) you|prosze|prosimy|por favor|"
    r"bitte(?! ich))(?!\w)|"
    r"(?:^|[,;:]\s+|\s-\s+)(?:"
    r"ask|send|write|drop|message|call|ring|email|dm|tell|let (?:me|us) know|give|reply|share|"
    r"leave|keep|stop|use|unplug|switch|turn|don't|do not|get|contact|bring|check|show|attach|"
    r"napisz|napiszcie|wyslij|przeslij|podeslij|podaj|zadzwon|odezwij|daj|skontaktuj|zostaw|"
    r"odlacz|wylacz|przestan|nie \w+j|dolacz|pokaz|"
    r"(?:escrib|envi|mand|llam|contact|dej|facilit)[ae](?:me|nos|lo|la)?|di(?:me|nos)|"
    r"pas[ae](?:me|nos)|cuent[ae](?:me|nos)|ponte|pongase|apag[au]e?|desenchuf[ae]|"
    r"(?:schreib|schick|send|ruf|meld|nenn|teil|lass|trenn|zieh|schalt)(?:e|t|et|en sie)?|"
    r"gib|gebt|geben sie)(?!\w)"
)
# What is promised in a case only is no promise without the case.
_DEPENDS = re.compile(
    r"(?<!\w)(?:if|once|when|unless|as soon as|should you|jesli|jezeli|gdy|gdyby|jakby|kiedy|"
    r"jak tylko|o ile|w razie|si|cuando|en cuanto|una vez|wenn|falls|sobald|sofern)(?!\w)|"
    r"^(?:any\w*|should|sollte\w*|bleib\w*|pass\w*|geht|klappt|fehl\w*|ist|sind|hat|haben|gibt)(?!\w)"
)
# "I'll check it": what it is stands in the part before.
_DANGLES = re.compile(
    r"(?:i|we|you)(?:'ll| will|'m| am)(?:\W+\w+){1,5}?\W+(?:it|them|those|these|that|this)(?!\w)|"
    r"\w+(?:ze|em|emy)(?:\s\w+){0,2}\s(?:to|go|je|ja|ich|tego|temu|tym|nim|nia|nimi)(?!\w)|"
    r"(?:voy|vamos) a \w+r(?:te|se|me|nos)?l[ao]s?(?!\w)|"
    r"ich (?:\w+\s){1,4}(?:es|ihn|das|dies|darum|daran|dazu|davon|damit|darauf)(?!\w)"
)
_LEADS = frozenset(
    {
        *("then", "there", "here", "also", "ja", "my", "wtedy", "to", "tu", "tam", "tutaj"),
        *("yo", "entonces", "ahi", "aqui", "dann", "hier", "dort"),
    }
)
_ABOUT = re.compile(r"o \w+")
_LONGEST_LEAD = 7
_SOMEBODY = re.compile(r"(?:i|i'm|we|we're|ich|wir)(?!\w)")


def promise_start(sentence: str) -> int:
    """Where the promise begins, behind what the customer is asked to do; 0 for the whole sentence.

    A clause that says too little alone keeps its sentence.
    """
    folded = fold(sentence)
    starts = (found.end() for found in _BREAK.finditer(folded))
    return next((start for start in starts if _stands_alone(folded[:start], folded[start:])), 0)


def _stands_alone(before: str, clause: str) -> bool:
    promise = I_WILL.search(clause)
    if promise is None or not _leads(clause[: promise.start()], promise.group()):
        return False
    if _ASKS.search(before) is None or _DEPENDS.search(before) or _time_in(before):
        return False
    return _time_in(clause) is not None and _DANGLES.match(clause, promise.start()) is None


def _leads(lead: str, promise: str) -> bool:
    """Whether a promise may begin with these words: a time, who promises, or next to nothing."""
    if promise.startswith((",", "and ", "und ")):
        return _SOMEBODY.match(lead) is not None
    words = lead.split()
    if _LEADS.issuperset(words) or _ABOUT.fullmatch(lead.strip()):
        return True
    short = len(words) <= _LONGEST_LEAD and _BREAK.search(lead) is None
    return short and _time_in(f"{lead}{promise}") is not None


def _time_in(text: str) -> Window | None:
    return promised_time(text, I_WILL)
