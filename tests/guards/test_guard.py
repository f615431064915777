"""The adapter: severities, order, crashes, and a library that keeps quiet."""

import asyncio
import contextvars
import subprocess
import sys
import threading
import time
from collections.abc import Iterable

import pytest

from service.domain.brand import Brand
from service.domain.checks import Severity, Verdict
from service.guards.context import Check, CheckContext, Hit
from service.guards.guard import Guard, guard_versions, warm_up
from service.guards.registry import CHECKS
from tests.guards.factories import LAMPWICK, context

GOOD = "I'm sorry the lamp arrived broken, Anna. I'm looking at it now and it's a priority today."


def brand(**checks: object) -> Brand:
    """The lamp shop with its own settings for checks."""
    return Brand.model_validate({**LAMPWICK.model_dump(), "checks": checks})


def hits(*found: Hit) -> Check:
    """A check that always finds the same."""
    return Check(Severity.WARN, lambda _context: found)


async def test_a_good_reply_passes_and_every_check_has_run() -> None:
    report = await Guard(LAMPWICK).check(context(GOOD))
    assert (report.verdict, report.findings) == (Verdict.PASS, ())
    assert report.checks_run == tuple(CHECKS)


async def test_findings_come_gravest_first_then_by_place_with_their_words() -> None:
    reply = "I'm sorry if it broke. You should have read the leaflet. That's not our fault."
    report = await Guard(LAMPWICK).check(context(reply))
    found = [(finding.check, finding.span.text) for finding in report.findings]
    assert report.verdict is Verdict.BLOCK
    assert found[0][0] == "blames_customer"
    assert [finding.severity for finding in report.findings] == sorted(
        (finding.severity for finding in report.findings), key=["block", "warn", "info"].index
    )
    for finding in report.findings:
        if finding.span.start is not None:
            assert reply[finding.span.start : finding.span.end] == finding.span.text


async def test_what_is_missing_has_no_place() -> None:
    guard = Guard(LAMPWICK, {"x": hits(Hit("none here", "add one"))})
    (finding,) = (await guard.check(context(GOOD))).findings
    assert finding.span.model_dump() == {"start": None, "end": None, "text": None}


async def test_a_brand_silences_softens_and_hardens_checks() -> None:
    reply = "I'm sorry if it broke. That's not our fault."
    settings = brand(defensive="off", non_apology="block")
    report = await Guard(settings).check(context(reply, brand=settings))
    assert "defensive" not in report.checks_run
    assert {f.check: f.severity for f in report.findings}["non_apology"] is Severity.BLOCK
    softened = brand(defensive={"severity": "info"}, non_apology="info")
    assert (await Guard(softened).check(context(reply, brand=softened))).verdict is Verdict.PASS


async def test_a_hits_own_severity_goes_before_the_default_and_a_note_stays_a_note() -> None:
    checks = {
        "grave": hits(Hit("m", "s", 0, 1, severity=Severity.BLOCK)),
        "canned": hits(Hit("m", "s", 0, 1, severity=Severity.INFO)),
    }
    report = await Guard(brand(canned="block"), checks).check(context(GOOD))
    assert {f.check: f.severity.value for f in report.findings} == {
        "grave": "block",
        "canned": "info",
    }


async def test_a_check_that_crashes_blocks_by_name_and_the_rest_still_run() -> None:
    def crash(_context: CheckContext) -> Iterable[Hit]:
        raise ValueError("customer text")

    checks = {"broken": Check(Severity.INFO, crash), "fine": hits(Hit("m", "s", 0, 1))}
    report = await Guard(LAMPWICK, checks).check(context(GOOD))
    first, second = report.findings
    assert (first.check, first.severity) == ("broken", Severity.BLOCK)
    assert first.message == "the check failed and so blocks"
    assert second.check == "fine"


async def test_checks_run_inline_with_the_callers_context_and_no_thread() -> None:
    asked: contextvars.ContextVar[str] = contextvars.ContextVar("asked", default="lost")
    seen: list[tuple[str, str]] = []

    def look(_context: CheckContext) -> Iterable[Hit]:
        seen.append((asked.get(), threading.current_thread().name))
        return ()

    asked.set("kept")
    before = threading.active_count()
    await Guard(LAMPWICK, {"look": Check(Severity.WARN, look)}).check(context(GOOD))
    assert seen == [("kept", threading.current_thread().name)]
    assert threading.active_count() == before


async def test_one_guard_serves_many_replies_at_once() -> None:
    def echo(asked: CheckContext) -> Iterable[Hit]:
        return (Hit(asked.reply, "s", 0, 1),)

    guard = Guard(LAMPWICK, {"echo": Check(Severity.WARN, echo)})
    reports = await asyncio.gather(*(guard.check(context(f"Reply {n}")) for n in range(50)))
    assert [report.findings[0].message for report in reports] == [f"Reply {n}" for n in range(50)]


async def test_no_text_is_kept() -> None:
    guard = Guard(LAMPWICK)
    await guard.check(context(GOOD))
    assert not guard._guard.history


@pytest.mark.parametrize("reply", ["", " ", "\u202eשלום", "😀" * 50, "{}", "[1, 2]", "null"])
async def test_any_reply_gets_a_report(reply: str) -> None:
    report = await Guard(LAMPWICK).check(context(reply))
    assert set(report.checks_run) == set(CHECKS)
    assert not [f for f in report.findings if f.message == "the check failed and so blocks"]


def test_the_fingerprint_is_short_and_stable() -> None:
    assert guard_versions() == guard_versions()
    assert len(guard_versions()) == 12


def test_telemetry_and_traces_are_off() -> None:
    warm_up()
    from guardrails import settings
    from guardrails.classes.rc import RC
    from guardrails.utils.hub_telemetry_utils import HubTelemetry

    assert settings.disable_tracing is True
    assert RC.load().enable_metrics is False
    assert HubTelemetry()._enabled is False
    assert HubTelemetry()._tracer is None


NO_SOCKETS = """
import asyncio, socket, sys, threading

def refused(*args, **kwargs):
    raise SystemExit(f"a socket was opened: {args[1:]}")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refused
socket.getaddrinfo = socket.create_connection = refused
from service.guards.guard import Guard
from tests.guards.factories import LAMPWICK, context

async def main():
    guard = Guard(LAMPWICK)
    for _ in range(3):
        await guard.check(context("Sorry if it broke. That is not our fault."))

asyncio.run(main())
assert threading.active_count() == 1, threading.enumerate()
print("quiet")
"""


@pytest.mark.slow
def test_nothing_reaches_for_the_network() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", NO_SOCKETS],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.strip().endswith("quiet"), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("reply", "check", "words"),
    [
        (
            "Please send us your ac\u200bcount number here.",
            "asks_private_data_publicly",
            "ac\u200bc",
        ),
        ("Please send us your account num\u00adber here.", "asks_private_data_publicly", "\u00ad"),
        ("See evil\u200b.com for more.", "unlisted_link", "evil\u200b.com"),
        ("See evil\uff0ecom for more.", "unlisted_link", "evil\uff0ecom"),
        ("Write to us on Whats\u200bApp, please.", "off_platform_move", "Whats\u200bApp"),
    ],
)
async def test_unseen_signs_hide_nothing(reply: str, check: str, words: str) -> None:
    report = await Guard(LAMPWICK).check(context(reply))
    (found,) = [one for one in report.findings if one.check == check]
    assert found.severity is Severity.BLOCK
    assert words in (found.span.text or "")
    assert found.span.start is not None
    assert reply[found.span.start : found.span.end] == found.span.text


@pytest.mark.parametrize("filling", [" ", "\n", "\t "])
async def test_a_page_of_blanks_takes_no_longer_than_words(filling: str) -> None:
    began = time.process_time()
    await Guard(LAMPWICK).check(context(f"Hello.{filling * 9000}Thanks."))
    assert time.process_time() - began < 4
