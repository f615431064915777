"""What went wrong upstream, in our own errors: the one place that maps foreign exceptions.

Provider errors may echo the prompt or the key, so only their type and status are used.
"""

import re
from collections.abc import Mapping
from contextlib import suppress

from service.errors import (
    ModelError,
    ModelRefused,
    ModelRubbish,
    ModelTimeout,
    ModelUnavailable,
)

_KEY_HINT = "look at {group}__API_KEY, or the provider's own key variable"
_TOO_LONG = "the prompt is longer than the model can read; use a shorter thread or another model"
_REFUSED_BY_STATUS = {
    400: "it did not accept the request; look at {setting}",
    401: f"it did not accept the key; {_KEY_HINT}",
    402: "the account has no credit left; look at the provider's billing page",
    403: f"the key may not use this model; {_KEY_HINT}",
    404: "it knows no such model; look at {setting} and {group}__API_BASE",
    413: _TOO_LONG,
    422: "it did not accept the request; look at {setting}",
}
_REFUSED_BY_TYPE = {
    "ContentPolicyViolationError": "its content policy declined the request",
    "ContextWindowExceededError": _TOO_LONG,
    "LiteLLMUnknownProvider": "no provider of this name is known; look at {setting}",
}
# Clients find a missing key before they call anyone, and litellm shows that as a status 500.
_KEY_MISSING = re.compile(r"missing (credentials|(\w+ ){1,3}api key)", re.IGNORECASE)
_NO_KEY = (
    "no key is set; set {group}__API_KEY (any word where the server needs none) or the"
    " provider's own key variable"
)
_TIMEOUT_STATUSES = {408, 504}


def translated(
    exc: Exception,
    model: str,
    *,
    setting: str = "AMENDS_LLM__MODEL",
    group: str = "AMENDS_LLM",
) -> ModelError:
    """Our error for what litellm raised while `model`, which a setting names, was asked.

    `group` is where its key and address are set.
    """
    seen = f"{model}: {type(exc).__name__}"
    status = _status_of(exc)
    if reason := _refusal(exc, status):
        return ModelRefused(f"{seen}: {reason.format(setting=setting, group=group)}")
    if status in _TIMEOUT_STATUSES or isinstance(exc, TimeoutError):
        return ModelTimeout(f"{seen}: the provider did not answer in time; try again later")
    if "APIResponseValidationError" in _type_names(exc):
        return ModelRubbish(f"{seen}: the answer could not be read")
    code = f" (status {status})" if status else ""
    return ModelUnavailable(f"{seen}{code}: it cannot be reached or is overloaded; try again later")


def all_failed(failures: list[ModelError]) -> ModelError:
    """One error for every model that was tried; its kind is that of the first."""
    first = failures[0]
    if len(failures) == 1:
        return first
    joined = type(first)("; then ".join(str(failure) for failure in failures))
    joined.__cause__ = first.__cause__
    return joined


def may_mean_schema(exc: Exception) -> bool:
    """Whether the provider may have declined only the wished-for form of the answer."""
    if set(_type_names(exc)) & set(_REFUSED_BY_TYPE):
        return False
    return _status_of(exc) in (400, 422)


def _status_of(exc: Exception) -> int | None:
    status = getattr(exc, "status_code", None)
    return status if isinstance(status, int) else None


def asked_pause(exc: Exception) -> float | None:
    """Seconds that the provider asks to wait (Retry-After), where it does."""
    headers = getattr(getattr(exc, "response", None), "headers", None)
    headers = getattr(exc, "litellm_response_headers", None) or headers
    if not isinstance(headers, Mapping):
        return None
    with suppress(TypeError, ValueError):
        return max(0.0, float(headers.get("retry-after")))  # type: ignore[arg-type]
    return None


def _refusal(exc: Exception, status: int | None) -> str | None:
    if status in (None, 401, 500) and _KEY_MISSING.search(str(exc)):
        return _NO_KEY
    for name in _type_names(exc):
        if name in _REFUSED_BY_TYPE:
            return _REFUSED_BY_TYPE[name]
    return _REFUSED_BY_STATUS.get(status or 0)


def _type_names(exc: Exception) -> tuple[str, ...]:
    return tuple(base.__name__ for base in type(exc).__mro__)
