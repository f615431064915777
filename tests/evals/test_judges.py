"""Judges as scorers: what they say, what happens when they say nothing, and what they are worth."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from evals.bench.stub_openai import Body, StubOpenAi, answer, delayed
from evals.drafting.cache import CachedChatModel
from evals.drafting.cases import EvalCase, cases
from evals.drafting.compare import Comparison
from evals.drafting.drafts import EvalDraft
from evals.drafting.figures import figures
from evals.drafting.judge_agreement import (
    Agreement,
    AgreementStore,
    JudgedBy,
    agreement_of,
    measure_judges,
    rows_sha256,
)
from evals.drafting.judged_rows import OF_EACH, JudgedRow, rows_for
from evals.drafting.judges import AnsweringModel, FailureJudge, judges_of
from evals.drafting.report import lines, run_lines
from evals.drafting.running import run_suite, runs_folder, score_again
from evals.drafting.runs import RunStore
from evals.drafting.scoring import CaseScore, score
from evals.drafting.suite import DraftingSuite
from evals.errors import EvalError
from service.bootstrap import Services
from service.errors import ModelRefused, ModelTimeout
from service.guards.context import CheckContext
from service.llm.client import ChatRequest
from service.llm.scripted import Answer, ScriptedChatModel
from service.prompting.judge_prompts import judged_checks
from service.settings import ChecksSettings, LlmSettings, Settings
from tests.guards.factories import context

FINE = json.dumps({"why": "", "words": "", "found": False})
ARGUES = "most customers are happy"
FOUND = json.dumps({"why": "It argues.", "words": ARGUES, "found": True})
PROSE = "I would say that this reply is fine."
SUITE = DraftingSuite.model_validate(
    {
        "suite": "judged",
        "kind": "drafting",
        "cases": {"ids": ["tidewell-d01", "tidewell-d02"]},
        "variants": {"reference": {"model": "reference", "candidates": 1, "revisions": 0}},
        "scorers": ["ready", "danger"],
        "judges": ["defensive"],
        "judge_model": "openai/stub",
    }
)


def by_reply(request: ChatRequest) -> str:
    return FOUND if ARGUES in request.messages[-1].content else FINE


def judge(*answers: Answer, failure: str = "defensive") -> FailureJudge:
    model = AnsweringModel(ScriptedChatModel(answers, repeat_last=True), 5)
    return FailureJudge(failure, model)


def some(count: int) -> tuple[EvalCase, ...]:
    return tuple(row for row in cases("dev") if row.brand == "tidewell")[:count]


def drafts(*replies: str | None) -> list[EvalDraft]:
    rows = some(len(replies))
    return [EvalDraft(case_id=r.id, reply=text) for r, text in zip(rows, replies, strict=True)]


async def scored(
    services: Services, written: list[EvalDraft], *judges: FailureJudge
) -> list[CaseScore]:
    return await score(
        some(len(written)),
        written,
        services,
        scorers=["length"],
        judges=judges,
        settings=services.settings,
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"judges": ["too_long"]}, "too_long unknown; there are blames_customer"),
        ({"judge_model": None}, "name the model that judges"),
        ({"judge_model": "reference"}, "name the model that judges"),
    ],
)
def test_a_suite_names_known_failures_and_who_judges(
    changed: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        DraftingSuite.model_validate({**SUITE.model_dump(), **changed})


@pytest.mark.slow
async def test_a_judge_gives_an_assertion_with_what_it_saw(services: Services) -> None:
    written = drafts("I'm sorry.", f"I'm sorry, but {ARGUES}.", None)
    fine, failing, silent = await scored(services, written, judge(by_reply))
    always = {"ready": "unusable", "danger": "none"}
    assert fine.values == {**always, "length": True, "judge:defensive": True}
    assert failing.values["judge:defensive"] is False
    assert failing.reasons == {"judge:defensive": f"{ARGUES}: It argues."}
    assert "judge:defensive" not in silent.values
    assert figures([fine, failing, silent]).scores["judge:defensive"].value == 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    "error", [PROSE, ModelRefused("declined"), ModelTimeout("late"), RuntimeError("a bug")]
)
async def test_a_judge_that_errs_is_left_out_for_that_case_alone(
    services: Services, error: Answer
) -> None:
    written = drafts("I'm sorry.", f"I'm sorry, but {ARGUES}.", "Thank you.")
    found = await scored(
        services, written, judge(FINE, error, FINE), judge(FINE, failure="ignores_issue")
    )
    assert ["judge:defensive" in one.values for one in found] == [True, False, True]
    assert [one.failed for one in found] == [(), ("judge:defensive",), ()]
    assert all(one.values["judge:ignores_issue"] is True for one in found)
    measured = figures(found)
    assert (measured.scores["judge:defensive"].count, measured.failed) == (
        2,
        {"judge:defensive": 1},
    )


async def test_without_a_rule_nothing_is_asked() -> None:
    policy = judge(FINE, failure="contradicts_policy")
    assert not policy.applies(context("Sorry."))
    assert policy.applies(context("Sorry.", policy=["A lamp is replaced."]))
    assert judge(FINE).applies(context("Sorry."))


async def test_prose_is_asked_again_and_an_answer_is_not(tmp_path: Path) -> None:
    script = ScriptedChatModel([PROSE, FINE])
    given = context("Sorry.")

    def another() -> FailureJudge:
        return judges_of(["defensive"], CachedChatModel(AnsweringModel(script, 5), tmp_path))[0]

    with pytest.raises(EvalError, match="scripted gave no answer on defensive"):
        await another().finding(given)
    assert await another().finding(given) is None
    assert await another().finding(given) is None
    assert len(script.requests) == 2
    assert script.requests[0].timeout_s == 5


@pytest.mark.parametrize("failure", judged_checks())
def test_labelled_rows_are_chosen_once_and_for_all(failure: str) -> None:
    rows = rows_for(failure)
    marked = [row for row in rows if row.marked]
    assert rows == rows_for(failure)
    assert len({row.id for row in rows}) == len(rows)
    assert 0 < len(marked) <= OF_EACH
    assert len(rows) - len(marked) == OF_EACH
    assert not any(row.near and row.marked for row in rows)


async def test_rows_without_an_answer_are_left_out_of_the_agreement() -> None:
    rows = (row("a", ARGUES), row("b", ARGUES), row("c"), row("d"), row("e"))
    script = (FOUND, FINE, FINE, PROSE, json.dumps({"why": "x", "words": "Sorry", "found": True}))
    found = await agreement_of(judge(*script), rows)
    counts = (found.found, found.missed, found.raised, found.passed, found.unanswered)
    assert counts == (1, 1, 1, 1, 1)
    assert (found.precision.value, found.recall.value, found.kappa) == (0.5, 0.5, 0.0)
    assert found.words().endswith("kappa 0.00 on 2+2 labelled rows, 1 unanswered")


def row(name: str, words: str = "") -> JudgedRow:
    return JudgedRow(name, bool(words), near=False, whole=True, context=told(name, words))


def told(name: str, words: str) -> CheckContext:
    return context(f"Sorry, case {name}. {words}")


def agreeing() -> Agreement:
    today = rows_sha256(rows_for("defensive"))
    return Agreement(found=8, missed=2, raised=0, passed=10, rows_sha256=today)


def test_an_agreement_belongs_to_one_prompt_and_one_model(tmp_path: Path) -> None:
    store, mine = AgreementStore(tmp_path), JudgedBy.of(judge(FINE))
    assert "not measured" in store.known(mine).words
    store.save(mine.model_copy(update={"agreement": agreeing()}))
    assert "precision 1.00 [0.68, 1.00], recall 0.80" in store.known(mine).words
    assert "kappa 0.80 on 10+10" in store.known(mine).words
    for other in ({"model": "scripted/2"}, {"prompt_sha256": "0"}, {"failure": "ignores_issue"}):
        assert store.known(mine.model_copy(update=other)).agreement is None
    older = agreeing().model_copy(update={"rows_sha256": "of rows that are no more"})
    store.save(mine.model_copy(update={"agreement": older}))
    assert store.known(mine).agreement is None


def at(stub: StubOpenAi, settings: Settings) -> Settings:
    llm = LlmSettings(
        model="openai/stub",
        api_base=stub.base_url,
        api_key=SecretStr("k"),
        fallbacks=("openai/other",),
        attempts=1,
    )
    return settings.model_copy(update={"llm": llm})


@pytest.mark.slow
async def test_a_run_keeps_who_judged_and_shows_what_that_is_worth(settings: Settings) -> None:
    with StubOpenAi(answer(FINE)) as stub:
        here = at(stub, settings)
        result = await run_suite(SUITE, here, split=None)
        asked = len(stub.requests)
        again = await run_suite(SUITE, here, split=None)
    assert (asked, len(stub.requests), result.failed) == (2, 2, [])
    assert "(agreement with labels not measured)" in "\n".join(lines(result, 0))
    assert again.document()["judges"]["defensive"]["model"] == "openai/stub"
    folder = runs_folder(here)
    (judged,) = result.runs[0].judges
    AgreementStore(folder).save(judged.model_copy(update={"agreement": agreeing()}))
    kept = RunStore(folder).load(result.runs[0].id)
    assert "recall 0.80" in "\n".join(run_lines(kept))
    rescored = await score_again(kept, result.rows, here)
    assert [one.values["judge:defensive"] for one in rescored.scores] == [True, True]


@pytest.mark.slow
async def test_a_judge_that_does_not_answer_fails_the_run(settings: Settings) -> None:
    with StubOpenAi(answer(PROSE), delayed(3, answer(FINE))) as stub:
        checks = ChecksSettings(judge_timeout_s=0.5)
        here = at(stub, settings).model_copy(update={"checks": checks})
        result = await run_suite(SUITE, here, split=None)
    assert result.failed == ["reference: judge:defensive gave no answer on 2 cases"]
    assert "scorer judge:defensive failed on 2 cases" in "\n".join(lines(result, 0))


@pytest.mark.slow
async def test_runs_judged_by_others_are_not_compared_on_it(settings: Settings) -> None:
    with StubOpenAi(answer(FINE)) as stub:
        run = (await run_suite(SUITE, at(stub, settings), split=None)).runs[0]
    named = {one.name for one in Comparison(run, run).differences}
    other = run.judges[0].model_copy(update={"model": "openai/another"})
    unlike = run.model_copy(update={"judges": (other,)})
    assert "judge:defensive" in named
    assert named - {one.name for one in Comparison(run, unlike).differences} == {"judge:defensive"}


async def test_judges_are_measured_and_kept(settings: Settings) -> None:
    chosen = ("ignores_issue", "defensive")
    marked = {row.context.reply for row in rows_for("defensive") if row.marked}

    def says(body: Body) -> str:
        shown = str(body["messages"][-1]["content"])
        hit = next((text for text in marked if text in shown), None)
        return json.dumps({"why": "So.", "words": (hit or "").split(" ")[0], "found": bool(hit)})

    with StubOpenAi(answer(PROSE), answer(says)) as stub:
        here = at(stub, settings)
        found = await measure_judges(here, runs_folder(here), failures=chosen)
    assert found.failed == ["judge:ignores_issue: no answer on 1 rows"]
    assert tuple(one.failure for one in found.judges) == chosen
    for one in found.judges:
        assert AgreementStore(runs_folder(here)).known(one).agreement == one.agreement
    assert json.loads(json.dumps(found.document()))["judges"]["defensive"]["labels"]["kappa"] == 1


async def test_a_model_that_never_answers_leaves_the_older_agreement(settings: Settings) -> None:
    with StubOpenAi(answer(PROSE)) as stub:
        here = at(stub, settings)
        known = JudgedBy.of(judge(FINE)).model_copy(update={"model": "openai/stub"})
        older = known.model_copy(update={"agreement": agreeing()})
        AgreementStore(runs_folder(here)).save(older)
        found = await measure_judges(here, runs_folder(here), failures=["defensive"])
    assert found.failed == ["judge:defensive: no answer on 80 rows"]
    assert AgreementStore(runs_folder(here)).known(known) == older
