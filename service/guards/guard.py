"""The one place that knows guardrails-ai: a brand's checks as validators, run by an AsyncGuard.

The library is kept quiet: no telemetry, no traces, no history, no threads, no fixing of texts. It
runs the validators; the report is made from what the checks themselves found.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog

from service.domain.brand import Brand
from service.domain.checks import CheckReport, Citation, Finding, Severity, Verdict, verdict_of
from service.domain.thread import Case, Complaint
from service.domain.triage import MoveKind, Span
from service.guards.citing import cite
from service.guards.context import Check, CheckContext, Hit
from service.guards.judging import JUDGE, Judge, judged_hits
from service.guards.reader import Reader, weights_version
from service.guards.registry import CHECKS
from service.text.disguises import Seen, seen
from service.text.language import DEFAULT_LANGUAGES

if TYPE_CHECKING:
    from guardrails import AsyncGuard, Validator

_log = structlog.get_logger(__name__)

_GRAVITY = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2, Severity.OFF: 3}
_CONTEXT, _FOUND = "context", "found"
_CRASHED = "the check failed and so blocks"
_CRASHED_SUGGESTION = "Read this point yourself, and tell whoever runs Amends."


@dataclass
class _Found:
    """What the validators of one call found, by check."""

    context: CheckContext
    hits: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    crashed: set[str] = field(default_factory=set)


def _run(name: str, check: Check, context: CheckContext, found: _Found) -> bool:
    """Whether the check found nothing; a crash is kept by name, never with its text."""
    try:
        found.hits[name] = tuple(check.find(context))
    except Exception as exc:
        _log.error("check crashed", check=name, error=type(exc).__name__)
        found.crashed.add(name)
    return name not in found.crashed and not found.hits[name]


@cache
def _silenced() -> Any:
    """Import guardrails with its telemetry, tracing and own log turned off; once, before any use.

    `settings.rc.enable_metrics = False` alone does not last: every Guard loads the RC file again,
    and a first HubTelemetry opens an exporter with a thread of its own.
    """
    guardrails = importlib.import_module("guardrails")
    rc_module = importlib.import_module("guardrails.classes.rc")
    telemetry = importlib.import_module("guardrails.utils.hub_telemetry_utils").HubTelemetry
    off = rc_module.RC(enable_metrics=False)
    rc_module.RC.load = staticmethod(lambda *_args, **_kwargs: off)
    guardrails.settings.rc = off
    guardrails.settings.disable_tracing = True
    guardrails.settings.use_server = False
    if telemetry._instance is None:
        telemetry._instance = object.__new__(telemetry)
    telemetry._instance._enabled = False
    # Its log handler keeps records, texts among them, for as long as the process lives.
    logging.getLogger("guardrails-ai").setLevel(logging.CRITICAL + 1)
    return guardrails


def warm_up(reader: Reader | None = None, languages: tuple[str, ...] = DEFAULT_LANGUAGES) -> None:
    """Import guardrails, compile the lexicons, load the reader and the language models: once."""
    _silenced()
    if reader is not None:
        reader.warm_up()
    brand = Brand(id="warm-up", name="Warm-up", voice="Plain.", languages=languages)
    case = Case(complaint=Complaint(text="The lamp came broken and nobody answers me."))
    for language in languages:
        context = CheckContext(
            reply="I am sorry that the lamp came broken.",
            case=case,
            brand=brand,
            language=language,
            move=MoveKind.PUBLIC_REPLY,
        )
        for name, check in CHECKS.items():
            _run(name, check, context, _Found(context))


@cache
def _validator_class(name: str) -> type[Validator]:
    """A guardrails Validator for one check; what it needs comes with the call's metadata."""
    guardrails = _silenced()
    results = importlib.import_module("guardrails.classes.validation.validation_result")

    class CheckValidator(guardrails.Validator):  # type: ignore[name-defined]
        """Runs one check inline: no thread, so the caller's context variables stay."""

        def __init__(self, check: Check, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self._check = check

        def _validate(self, value: Any, metadata: dict[str, Any]) -> Any:
            clean = _run(name, self._check, metadata[_CONTEXT], metadata[_FOUND])
            return results.PassResult() if clean else results.FailResult(error_message=name)

        async def async_validate(self, value: Any, metadata: dict[str, Any]) -> Any:
            return self._validate(value, metadata)

    registered: type[Validator] = guardrails.register_validator(
        name=f"amends/{name}", data_type="string"
    )(CheckValidator)
    return registered


def _built(checks: Mapping[str, Check]) -> AsyncGuard:
    """One guard with one validator per check, named in one call: a second `use` would replace."""
    guardrails = _silenced()
    noop = guardrails.OnFailAction.NOOP
    validators = [_validator_class(name)(check, on_fail=noop) for name, check in checks.items()]
    guard = guardrails.AsyncGuard(name="amends", history_max_length=1, use_server=False)
    built: AsyncGuard = guard.use(*validators)
    return built


def _severity(brand: Brand, name: str, check: Check) -> Severity:
    setting = brand.checks.get(name)
    return check.severity if setting is None or setting.severity is None else setting.severity


def _span(hit: Hit, reply: str) -> Span:
    if hit.start is None or hit.end is None:
        return Span(start=None, end=None, text=None)
    return Span(start=hit.start, end=hit.end, text=reply[hit.start : hit.end])


def _as_written(finding: Finding, shown: Seen, written: str) -> Finding:
    """Its place in the text as it came, unseen signs and all."""
    span = finding.span
    if shown.text == written or span.start is None or span.end is None or span.start >= span.end:
        return finding
    start, end = shown.span(span.start, span.end)
    moved = Span(start=start, end=end, text=written[start:end])
    return finding.model_copy(update={"span": moved})


def _by_gravity(finding: Finding) -> tuple[int, bool, int]:
    place = finding.span.start
    return _GRAVITY[finding.severity], place is None, place or 0


class Guard:
    """A brand's checks, built once per version of the brand."""

    def __init__(
        self,
        brand: Brand,
        checks: Mapping[str, Check] = CHECKS,
        *,
        reader: Reader | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._brand = brand
        self._reader = reader
        self._judge = judge
        self._checks = {
            name: check
            for name, check in checks.items()
            if _severity(brand, name, check) is not Severity.OFF
        }
        self._guard = _built(self._checks)

    async def check(self, context: CheckContext, *, judged: bool = True) -> CheckReport:
        """Run every check that the brand has on; never raises for what a check does.

        `judged=False` leaves out the judge, and so do texts that people wrote ahead. What is read
        is what a person would see: a word with an unseen sign in it is that word.
        """
        written, shown = context.reply, seen(context.reply)
        context = replace(context, reply=shown.text)
        found = await self._find(context)
        context = found.context
        local = self._findings(context.reply, found)
        judged = judged and not context.written_ahead
        added, run = await self._judged(context, local) if judged else ((), ())
        placed = (_as_written(finding, shown, written) for finding in (*local, *added))
        findings = tuple(sorted(placed, key=_by_gravity))
        return CheckReport(
            verdict=verdict_of(findings),
            findings=findings,
            checks_run=(*self._checks, *run),
            citations=_citations(context),
        )

    async def _judged(
        self, context: CheckContext, local: list[Finding]
    ) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
        """What the judge adds, and its name if it answered all; a block needs no judge."""
        if self._judge is None or verdict_of(tuple(local)) is Verdict.BLOCK:
            return (), ()
        try:
            judgement = await self._judge.judge(context, tuple(self._checks))
        except Exception as exc:
            _log.warning("judge failed", error=type(exc).__name__)
            return (), ()
        defaults = {name: check.severity for name, check in self._checks.items()}
        hits = judged_hits(judgement, context, defaults=defaults, local=local)
        added = tuple(self._finding(name, hit, context.reply) for name, hit in hits)
        return added, (JUDGE,) if judgement.complete else ()

    async def _find(self, context: CheckContext) -> _Found:
        found = await self._read(context)
        context = found.context
        metadata = {_CONTEXT: context, _FOUND: found}
        try:
            await self._guard.validate(context.reply, metadata=metadata)
        except Exception as exc:
            _log.error("guardrails failed", error=type(exc).__name__)
        finally:
            self._guard.history.clear()
        # What did not run, or had nothing to go by, must not pass.
        found.crashed |= set(self._checks) - set(found.hits)
        return found

    async def _read(self, context: CheckContext) -> _Found:
        """The reply as the trained reader reads it; if that fails, the checks that need it do."""
        if self._reader is None or context.reading is not None:
            return _Found(context)
        try:
            reading = await asyncio.to_thread(self._reader.read, context)
        except Exception as exc:
            _log.error("reader crashed", error=type(exc).__name__)
            return _Found(context, crashed={n for n, c in self._checks.items() if c.reads})
        return _Found(replace(context, reading=reading))

    def _findings(self, reply: str, found: _Found) -> list[Finding]:
        findings = [
            self._finding(name, hit, reply) for name, hits in found.hits.items() for hit in hits
        ]
        return findings + [_crash(name) for name in self._checks if name in found.crashed]

    def _finding(self, name: str, hit: Hit, reply: str) -> Finding:
        return Finding(
            check=name,
            severity=self._severity_of(name, hit),
            message=hit.message,
            span=_span(hit, reply),
            suggestion=hit.suggestion,
            evidence=hit.evidence,
        )

    def _severity_of(self, name: str, hit: Hit) -> Severity:
        """The brand's word goes over the hit's own, except that a mere note stays a note."""
        setting = self._brand.checks.get(name)
        if hit.severity is Severity.INFO:
            return Severity.INFO
        if setting is not None and setting.severity is not None:
            return setting.severity
        return hit.severity or self._checks[name].severity


def _crash(name: str) -> Finding:
    return Finding(
        check=name,
        severity=Severity.BLOCK,
        message=_CRASHED,
        span=Span(start=None, end=None, text=None),
        suggestion=_CRASHED_SUGGESTION,
    )


def _citations(context: CheckContext) -> tuple[Citation, ...]:
    """Which passage carries which sentence; without it the report still stands."""
    try:
        return cite(context)
    except Exception as exc:
        _log.error("citing crashed", error=type(exc).__name__)
        return ()


def guard_versions() -> str:
    """A short fingerprint of all checks and of the reader's weights: part of a draft's
    provenance."""
    listed = [f"{name}:{check.version}" for name, check in sorted(CHECKS.items())]
    return hashlib.sha256(";".join([*listed, weights_version()]).encode()).hexdigest()[:12]
