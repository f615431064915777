"""Production's checks on text that strangers wrote: read from the folder in AMENDS_EVALDATA,
never copied. `python -m evals.guards.public` prints what is blocked and why."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.brands import services_for
from evals.guards.figures import Share, Tally
from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.checks import CheckReport, Verdict
from service.domain.knowledge import FoundPassage, PolicyPassage, Scores
from service.domain.thread import Case, Channel, Complaint
from service.embedding.embedder import TextVectors
from service.guards.context import CheckContext
from service.knowledge.found import found_passage

_MEANT = {
    "defensive_argumentative": ("defensive",),
    "blames_customer": ("blames_customer",),
    "canned_template": ("canned",),
    "non_apology_or_sarcasm": ("non_apology", "sarcasm_or_emotional"),
    "ungrounded_promise": ("ungrounded_promise", "ungrounded_specific"),
    "pii_in_public": ("asks_private_data_publicly", "exposes_personal_data"),
    "wrong_language": ("wrong_language",),
    "hate_speech_handling": ("hate_or_profanity", "missing_boundary", "mentions_deletion"),
    "injection_obeyed": ("obeys_injection",),
    "defensive": ("defensive",),
    "canned": ("canned",),
    "asks_personal_data_publicly": ("asks_private_data_publicly",),
}


def folder() -> Path | None:
    """Where the public data lies; None where nobody said."""
    named = os.environ.get("AMENDS_EVALDATA")
    return Path(named) if named else None


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of one public file."""
    found = folder()
    if found is None:
        raise SystemExit("set AMENDS_EVALDATA to the folder of the public data")
    for line in (found / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _brand(name: str) -> Brand:
    return Brand(
        id="public",
        name=name or "Brand",
        voice="Plain.",
        languages=("en", "pl", "es", "de"),
        follow_up_windows=("an answer in the thread by the next working day",),
    )


async def _report(
    services: Services, *, brand: str, complaint: str, reply: str, policy: dict[str, Any] | None
) -> CheckReport:
    made = _brand(brand)
    case = Case(channel=Channel.X, complaint=Complaint(text=complaint))
    triage = await services.triager.triage(case, made, TextVectors(services.embedder))
    passages = () if policy is None else (_passage(policy["id"], policy["text"]),)
    context = CheckContext(
        reply=reply,
        case=case,
        brand=made,
        language=triage.language,
        move=triage.move.kind,
        policy=passages,
        kind=triage.kind,
        issues=triage.issues,
    )
    return await (await services.guards.of(made)).check(context)


def _passage(passage_id: str, text: str) -> FoundPassage:
    return found_passage(PolicyPassage(id=str(passage_id), text=text), 1.0, text, Scores())


class _Tallies:
    """What was marked and what was raised, per label of the public rows."""

    def __init__(self) -> None:
        self._tallies = {label: Tally() for label in _MEANT}

    def add(self, labels: dict[str, Any], report: CheckReport) -> None:
        raised = {finding.check for finding in report.findings}
        for label, marked in labels.items():
            if label in _MEANT:
                self._tallies[label].add(bool(marked), bool(raised & set(_MEANT[label])))

    def print(self) -> None:
        for label, tally in self._tallies.items():
            if tally.found + tally.missed + tally.raised:
                precision, recall = tally.precision.words(), tally.recall.words()
                print(f"  {label:<26} P {precision:<26} R {recall}")


async def authored(services: Services) -> None:
    """Subtle bad replies and near-miss good ones."""
    tallies = _Tallies()
    for row in rows("authored_replies"):
        report = await _report(
            services,
            brand=row["brand"] or "Sklep",
            complaint=row["complaint"],
            reply=row["reply"],
            policy=row["policy"],
        )
        tallies.add(row["labels"], report)
        wrong = (row["verdict"] == "pass") != (report.verdict is not Verdict.BLOCK)
        if wrong:
            found = "; ".join(f"{f.check} “{f.span.text}”" for f in report.findings)
            print(f"  {row['id']} is {row['category']}, came out {report.verdict}: {row['reply']}")
            print(f"      {found}")
    tallies.print()


async def labelled(services: Services) -> None:
    """Real replies with labels."""
    tallies = _Tallies()
    for row in rows("labelled_brand_replies"):
        report = await _report(
            services,
            brand=row["brand"],
            complaint=row["customer_text"],
            reply=row["reply_text"],
            policy=None,
        )
        tallies.add(row["labels"], report)
    tallies.print()


async def real(services: Services, count: int) -> None:
    """Real brand replies: what share is blocked, by which check, and some of them to read."""
    verdicts: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    for number, row in enumerate(rows("twcs_brand_reply_pairs")):
        if number >= count:
            break
        report = await _report(
            services,
            brand=row["brand"],
            complaint=row["customer_text"],
            reply=row["reply_text"],
            policy=None,
        )
        verdicts[report.verdict.value] += 1
        checks.update({f"{f.check} {f.severity.value}" for f in report.findings})
        if report.blocks:
            found = "; ".join(f"{f.check} “{f.span.text}”" for f in report.blocks)
            print(f"  C: {row['customer_text'][:200]!r}")
            print(f"  R: {row['reply_text'][:300]!r}\n     {found}")
    for verdict, hits in verdicts.most_common():
        print(f"  {verdict:<8}{Share(hits, verdicts.total()).words()}")
    for check, hits in checks.most_common():
        print(f"  {check:<34}{hits}")


async def main(count: int) -> None:
    """Everything, on one set of services."""
    async with services_for(()) as services:
        print("authored replies")
        await authored(services)
        print("labelled brand replies")
        await labelled(services)
        print("real brand replies")
        await real(services, count)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
