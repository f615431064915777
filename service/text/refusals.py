"""What a model says when it will not write: no answer to a customer, in any language."""

import re

from service.text.folding import fold

_REFUSAL = re.compile(
    r"i(?:'m| am) (?:unable|not able) to (?:assist|help|comply|fulfil)|"
    r"i (?:can't|cannot|can not|won't) (?:assist|help|comply|fulfil)\w*(?: you)? with (?:that|this)"
    r"\b|"
    r"i (?:can't|cannot) (?:comply|fulfil\w*)|as an ai (?:language )?model|"
    r"nie moge (?:w tym|ci) pomoc|no puedo ayudar(?:te|le)? con es[oa]|"
    r"dabei kann ich (?:dir |ihnen )?(?:leider )?nicht helfen"
)


def is_refusal(text: str) -> bool:
    """Whether the text declines the task itself."""
    return _REFUSAL.search(fold(text)) is not None
