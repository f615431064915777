"""What goes wrong in evals through their input, told so that one can mend it."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ValidationError

from service.errors import InvalidInput


class EvalError(InvalidInput):
    """A suite, a case, a run or a scorer that can't be used as it is."""


def faults(error: ValidationError, words: Mapping[str, str] = MappingProxyType({})) -> str:
    """What pydantic found, without the values; of some kinds of error in our own `words`."""
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc']) or 'the row'}: "
        f"{words.get(one['type'], one['msg'])}"
        for one in error.errors(include_url=False, include_input=False)
    )
