"""Logs as JSON lines on stderr: events and ids, never a body, a query or an exception's words."""

import logging
import sys
import traceback
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from service.errors import ConfigurationError

_OURS = "amends"
_FRAMES = 6


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at the moment."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.set_name(_OURS)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def configure(level_name: str) -> None:
    """Send our events and those of the libraries to stderr; safe to call again."""
    level = _level(level_name)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_exception_text,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _send_to_stderr(structlog.processors.JSONRenderer(ensure_ascii=False), shared)
    _set_levels(level)


def where(exc: BaseException) -> list[str]:
    """The innermost places that an exception came through, without its words."""
    frames = traceback.extract_tb(exc.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def without_exception_text(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception's words may be a customer's: keep its type and its places."""
    found = event.pop("exc_info", None)
    exc = found[1] if isinstance(found, tuple) else found
    if exc is True:
        exc = sys.exc_info()[1]
    if isinstance(exc, BaseException):
        event["error"], event["where"] = type(exc).__name__, where(exc)
    event.pop("stack_info", None)
    return event


def _level(name: str) -> int:
    levels = logging.getLevelNamesMapping()
    if name.upper() not in levels:
        raise ConfigurationError(
            f"AMENDS_LOG_LEVEL={name!r} is none: use debug, info, warning or error"
        )
    return levels[name.upper()]


def _send_to_stderr(
    renderer: structlog.typing.Processor, shared: list[structlog.typing.Processor]
) -> None:
    handler = _Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    for old in [h for h in root.handlers if h.get_name() == _OURS]:
        root.removeHandler(old)
    root.addHandler(handler)


def _set_levels(level: int) -> None:
    logging.getLogger().setLevel(max(level, logging.WARNING))
    logging.getLogger("service").setLevel(level)
    uvicorn = logging.getLogger("uvicorn")
    uvicorn.handlers, uvicorn.propagate = [], True
    uvicorn.setLevel(level)
    # Its access lines hold query strings; ours, in middleware.py, do not.
    logging.getLogger("uvicorn.access").disabled = True
