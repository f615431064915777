"""Every error that Amends raises on purpose, drawn as one tree.

AmendsError
├── InvalidInput 422            what was sent cannot be read or is not allowed
│   └── ImportRefused           a file of a brand folder holds bad rows; nothing was imported
├── Unauthorized 401            no key, or one that is not known
├── Forbidden 403               the key may not do this, or belongs to another brand
├── NotFound 404                no such brand, draft, prompt or thread
├── Conflict 409
│   ├── VersionConflict         the draft changed since it was read
│   ├── StaleThread             the thread changed since the draft was made
│   ├── TransitionRefused       the draft's status does not allow this decision
│   ├── BlockedByChecks         a blocking finding stands and was not overridden
│   ├── FourEyes                nobody approves their own edit here
│   ├── AlreadyTaken            somebody else has the draft
│   └── IdempotencyConflict     the key was used with another body
├── ModelError 503              the language model gave nothing usable
│   ├── ModelUnavailable        down, refusing connections, overloaded
│   ├── ModelTimeout            no answer within the deadline
│   ├── ModelRefused            the provider declined the request
│   └── ModelRubbish            an answer that holds no reply
├── NotReady 503                still warming up
├── StoreUnavailable 503        the database is busy or gone
└── ConfigurationError 500      the settings need a person
    ├── NoModelConfigured       there is no model to ask
    └── EmbeddingChanged        another embedding model goes by the name of an index's

Messages name ids, never customer text. Foreign exceptions are translated where they arise.
"""

from collections.abc import Sequence
from typing import ClassVar


class AmendsError(Exception):
    """The root: an HTTP status, a stable code, and a message that says what to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    retry_after_s: int | None = None


class InvalidInput(AmendsError):
    status = 422
    code = "invalid_input"


class ImportRefused(InvalidInput):
    """Bad rows; `problems` holds one line each with file and line number."""

    code = "import_refused"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems[:50])
        super().__init__(f"nothing was imported; mend these first:\n{listed}")


class Unauthorized(AmendsError):
    status = 401
    code = "unauthorized"


class Forbidden(AmendsError):
    status = 403
    code = "forbidden"


class NotFound(AmendsError):
    status = 404
    code = "not_found"


class Conflict(AmendsError):
    status = 409
    code = "conflict"


class VersionConflict(Conflict):
    code = "version_conflict"


class StaleThread(Conflict):
    code = "stale"


class TransitionRefused(Conflict):
    code = "transition_refused"


class BlockedByChecks(Conflict):
    """Holds a line for each finding that blocks: words of the reply, so never in the message."""

    code = "blocked_by_checks"

    def __init__(self, message: str, findings: Sequence[str] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(message)


class FourEyes(Conflict):
    code = "four_eyes"


class AlreadyTaken(Conflict):
    code = "already_taken"


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"


class ModelError(AmendsError):
    status = 503
    code = "model_error"
    retry_after_s = 10


class ModelUnavailable(ModelError):
    code = "model_unavailable"


class ModelTimeout(ModelError):
    code = "model_timeout"


class ModelRefused(ModelError):
    code = "model_refused"


class ModelRubbish(ModelError):
    code = "model_rubbish"


class NotReady(AmendsError):
    status = 503
    code = "not_ready"
    retry_after_s = 5


class StoreUnavailable(AmendsError):
    status = 503
    code = "store_unavailable"
    retry_after_s = 5


class ConfigurationError(AmendsError):
    code = "configuration"


class NoModelConfigured(ConfigurationError):
    code = "no_model_configured"


class EmbeddingChanged(ConfigurationError):
    code = "embedding_changed"
