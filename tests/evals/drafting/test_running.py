"""A suite from its file to a kept run: with references for a model, and with one that fails."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from evals.brands import brand_of
from evals.drafting import compare, generation, report
from evals.drafting.cases import cases
from evals.drafting.figures import figures
from evals.drafting.running import run_store, run_suite, score_again, unscored
from evals.drafting.runs import EvalRun, RunStore, cases_hash
from evals.drafting.scoring import is_eligible
from evals.drafting.suite import Chosen, DraftingSuite, Variant, load_suite
from evals.errors import EvalError
from evals.suite_files import suite_names
from service.settings import DatabaseSettings, LlmSettings, Settings

UNREADY = {"ready": "needs_edit"}
REFERENCE = Variant(model="reference", candidates=1, revisions=0)


def small(**variants: Variant) -> DraftingSuite:
    return DraftingSuite(
        suite="small",
        kind="drafting",
        cases=Chosen(ids=("tidewell-d08", "tidewell-d20"), brands=("tidewell",)),
        variants=variants or {"reference": REFERENCE},
        gates={"failed scorers at most": 0, "language": 1},
    )


async def test_a_run_is_drafted_scored_and_kept(settings: Settings) -> None:
    ticks: list[int] = []
    result = await run_suite(small(), settings, split=None, tick=lambda: ticks.append(1))
    assert result.failed == []
    assert len(ticks) == 2
    (run,) = result.runs
    assert [draft.case_id for draft in run.drafts] == ["tidewell-d08", "tidewell-d20"]
    kept = run_store(settings).load("small-reference")
    assert kept == run
    said = {one.case_id: one for one in run.scores}
    assert said["tidewell-d08"].values["language"] is True
    assert said["tidewell-d08"].values["must"] == 1.0
    assert 0.5 < float(said["tidewell-d08"].values["likeness"]) <= 1.0
    shown = "\n".join(report.lines(result, 5))
    assert "send_ready" in shown
    assert "every gate is met" in shown


async def test_what_was_drafted_is_not_drafted_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await run_suite(small(), settings, split=None)

    async def refuse(*_: object) -> None:
        raise AssertionError("drafted again")

    monkeypatch.setattr(generation.Generation, "_new", refuse)
    again = await run_suite(small(), settings, split=None)
    assert again.runs[0].drafts == first.runs[0].drafts
    assert again.runs[0].fingerprint == first.runs[0].fingerprint


async def test_the_prompt_of_a_variant_goes_before_a_brands_pin(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = brand_of("tidewell").model_copy(update={"prompts": {"draft_sections": "v2"}})
    monkeypatch.setattr(generation, "brand_of", lambda _: pinned)
    named = REFERENCE.model_copy(update={"prompt": "draft_sections@v1"})
    (run,) = (await run_suite(small(named=named), settings, split=None)).runs
    assert {draft.prompt for draft in run.drafts} == {"draft_sections@v1"}


async def test_old_drafts_are_scored_anew_without_a_model(settings: Settings) -> None:
    (run,) = (await run_suite(small(), settings, split=None)).runs
    forgotten = run.model_copy(update={"scores": ()})
    rows = [row for row in cases("dev") if row.id in {"tidewell-d08", "tidewell-d20"}]
    assert (await score_again(forgotten, rows, settings)).scores == run.scores


async def test_two_variants_are_compared_case_by_case(settings: Settings) -> None:
    (a,) = (await run_suite(small(), settings, split=None)).runs
    worse = [one.model_copy(update={"values": one.values | UNREADY}) for one in a.scores]
    b = a.model_copy(update={"id": "small-worse", "scores": tuple(worse)})
    found = compare.compare(a, b)
    ready = next(one for one in found.differences if one.name == "send_ready")
    assert ready.b == 0
    assert found.changed
    assert all(not one.better for one in found.changed)
    assert "| send_ready |" in "\n".join(compare.lines(found, 0))
    assert not found.is_worse  # two cases prove nothing
    other = b.model_copy(update={"cases_sha256": "other"})
    with pytest.raises(EvalError, match="not made over the same cases"):
        compare.compare(a, other)


async def test_a_model_that_was_down_is_worse_than_nobody(settings: Settings) -> None:
    silent = Variant(model="openai/none", candidates=1, revisions=0)
    a, b = (await run_suite(small(reference=REFERENCE, silent=silent), settings, split=None)).runs
    assert all(draft.holding for draft in b.drafts)
    found = compare.compare(a, b)
    assert (found.left_out, found.differences, found.is_worse) == (2, (), False)
    counted = figures(b.scores)
    assert (counted.send_ready, counted.dangerous, counted.scores) == (None, None, {})
    assert "2 drafts without an answer from the model" in "\n".join(report.run_lines(b))


def scored_as(run: EvalRun, *values: Mapping[str, str]) -> EvalRun:
    pairs = zip(run.scores, values, strict=True)
    scores = tuple(one.model_copy(update={"values": dict(said)}) for one, said in pairs)
    return run.model_copy(update={"id": f"{run.id}-again", "scores": scores})


async def test_what_got_no_reply_is_compared_as_it_is_reported(settings: Settings) -> None:
    """A complaint that was taken for spam is unusable in both; only its danger is unknown."""
    (a,) = (await run_suite(small(), settings, split=None)).runs
    before = scored_as(a, *[{"ready": "send_ready", "danger": "none"}] * 2)
    after = scored_as(before, {"ready": "unusable"}, {"ready": "send_ready", "danger": "none"})
    found = compare.compare(before, after)
    ready = next(one for one in found.differences if one.name == "send_ready")
    reported = figures(after.scores).send_ready
    assert reported is not None
    assert (found.left_out, ready.b, ready.count) == (0, reported.value, reported.count)


async def test_a_danger_where_the_other_run_held_is_worse(settings: Settings) -> None:
    (a,) = (await run_suite(small(), settings, split=None)).runs
    held = scored_as(a, *[{"ready": "needs_edit"}] * 2)
    drafted = scored_as(held, {"ready": "unusable", "danger": "false_fact"}, {"ready": "unusable"})
    (free,) = (o for o in compare.compare(held, drafted).differences if o.name == "danger-free")
    assert (free.a, free.b, free.count) == (1.0, 0.0, 1)
    assert [o.name for o in compare.Comparison(held, held).differences] == ["send_ready"]


async def test_a_holding_reply_has_no_danger_and_a_missing_draft_no_score(
    settings: Settings,
) -> None:
    result = await run_suite(small(), settings, split=None)
    (run,) = result.runs
    first, second = run.drafts
    drafts = (
        first.model_copy(update={"holding": True}),
        second.model_copy(update={"error": "no such prompt"}),
    )
    changed = run.model_copy(update={"drafts": drafts})
    held, missing = (await score_again(changed, result.rows, settings)).scores
    assert held.values["ready"] == "needs_edit"
    assert "danger" not in held.values
    assert missing.values == {}


@pytest.mark.parametrize(
    ("case_id", "model", "eligible"),
    [
        ("tidewell-d08", "bundled", True),
        ("corvane-d07", "bundled", False),
        ("corvane-d07", "openai/some", True),
    ],
)
def test_a_case_is_eligible_where_its_model_may_be_asked(
    case_id: str, model: str, eligible: bool
) -> None:
    """corvane-d07 is about an illness, in English."""
    row = next(row for row in cases("dev") if row.id == case_id)
    assert is_eligible(row, Settings(llm=LlmSettings(model=model))) is eligible


async def test_only_what_was_measured_is_compared(settings: Settings) -> None:
    """A draft that is missing, or whose scorer crashed, is neither dangerous nor harmless."""
    suite = small(reference=REFERENCE, again=REFERENCE.model_copy(update={"revisions": 1}))
    a, b = (await run_suite(suite, settings, split=None)).runs
    first, second = b.scores
    crashed = first.model_copy(update={"values": {}, "failed": ("ready", "danger")})
    found = compare.compare(a, b.model_copy(update={"scores": (crashed, second)}))
    assert found.left_out == 1
    assert {one.count for one in found.differences} == {1}
    assert "left out: 1 cases" in "\n".join(compare.lines(found, 0))
    assert unscored([b.model_copy(update={"scores": (crashed, second)})]) == [
        "again: ready failed on 1 cases",
        "again: danger failed on 1 cases",
    ]
    with pytest.raises(EvalError, match=f"{a.id} was scored by other code .*--score-again"):
        compare.compare(a.model_copy(update={"scored_by": "other"}), b)


async def test_gates_are_for_the_suites_own_split(settings: Settings) -> None:
    suite = DraftingSuite(
        suite="small",
        kind="drafting",
        cases=Chosen(limit=2),
        variants={"reference": REFERENCE},
        gates={"send_ready": 0.1},
    )
    result = await run_suite(suite, settings, split="test")
    assert list(report.lines(result, 0))[-1] == "no gate was looked at: they are for split dev"
    assert result.document()["gates"] == {"asked": {}, "failed": []}


def test_the_newest_run_is_the_one_that_was_made_last(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    older, newer = "a-b-20261123-090000-ffffff", "a-b-20261123-100000-aaaaaa"
    for name in (newer, older):
        (tmp_path / f"{name}.json").write_text("{}", encoding="utf-8")
    assert store.ids() == [older, newer]


async def test_what_every_figure_rests_on_is_scored_whatever_a_suite_names(
    settings: Settings,
) -> None:
    suite = small().model_copy(update={"scorers": ("language",)})
    (run,) = (await run_suite(suite, settings, split=None)).runs
    assert all(set(one.values) == {"ready", "danger", "language"} for one in run.scores)
    assert not compare.Comparison(run, run).changed
    with pytest.raises(EvalError, match="compared with itself"):
        compare.compare(run, run)


async def test_a_draft_whose_model_was_down_is_tried_again(settings: Settings) -> None:
    silent = small(silent=Variant(model="openai/none", candidates=1, revisions=0))
    result = await run_suite(silent, settings, split=None)
    assert "silent: 2 cases could not be drafted" in result.failed[-1]
    assert not list((settings.data_dir / "evals" / "drafts").rglob("*.json"))


def test_every_suite_file_loads() -> None:
    measured = ("guards", "mentions", "retrieval", "triage")
    names = [name for name in suite_names() if name not in measured]
    assert {"drafting", "smoke", "injection", "ladder"} <= set(names)
    for name in names:
        assert load_suite(name).cases.rows()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("suite: [", r"x.yaml is no YAML: line 1"),
        ("suite: x\nkind: drafting\nsuite: y", "line 3: 'suite' stands there twice"),
        ("suite: x\nkind: drafting\nvariants: {a: {}}\nscorers: [taste]", "scorers: taste unknown"),
        ("suite: x\nkind: drafting\nvariants: {}", "x.yaml: variants"),
        ("suite: x\nkind: drafting\nvariants: {a: {speed: 3}}", "variants.a.speed"),
        ("suite: x\nkind: drafting\nvariants: {a: {}}\ncases: {brands: [acme]}", "acme unknown"),
    ],
)
def test_a_faulty_suite_is_refused_in_words(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalError, match=problem):
        load_suite(str(path))


def test_an_unknown_suite_or_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"no suite nowhere: .*smoke"):
        load_suite("nowhere")
    with pytest.raises(EvalError, match="no run x; the newest are: none yet"):
        RunStore(tmp_path).load("x")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvalError, match="broken"):
        RunStore(tmp_path).load("broken")


def test_a_limit_takes_from_every_brand() -> None:
    rows = Chosen(limit=8).rows()
    assert len(rows) == 8
    assert len({row.brand for row in rows}) == 4
    assert cases_hash(rows) == cases_hash(rows)
    with pytest.raises(EvalError, match="no case fits"):
        Chosen(ids=("tidewell-d08",), brands=("corvane",)).rows()


@pytest.mark.parametrize("chosen", [{"ids": ("x",)}, {"traits": ("x",)}, {"languages": ("x",)}])
def test_a_misspelt_choice_is_named(chosen: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(EvalError, match=rf"cases.{next(iter(chosen))}: no case .* has x"):
        Chosen.model_validate(chosen).rows()


@pytest.mark.slow
async def test_the_smoke_suite_meets_its_gates(settings: Settings) -> None:
    """What people wrote comes through the whole way, from case to score."""
    result = await run_suite(load_suite("smoke"), settings, split=None)
    assert result.failed == []
    assert result.suite.gates


def test_another_providers_model_gets_neither_address_nor_key() -> None:
    llm = LlmSettings(model="openai/a", api_base="http://proxy/v1", api_key=SecretStr("k"))
    base = Settings(llm=llm)
    same = Variant(model="openai/b").settings(base).llm
    other = Variant(model="anthropic/b").settings(base).llm
    assert (same.api_base, same.model) == ("http://proxy/v1", "openai/b")
    assert (other.api_base, other.api_key, other.model) == (None, None, "anthropic/b")


@pytest.mark.parametrize("model", [None, "openai/b"])
def test_no_fallback_answers_in_a_models_name(model: str | None) -> None:
    base = Settings(llm=LlmSettings(model="openai/a", fallbacks=("openai/c",)))
    assert Variant(model=model).settings(base).llm.fallbacks == ()


def test_evals_never_write_into_the_configured_database(tmp_path: Path) -> None:
    url = SecretStr("postgresql://user:pass@prod/amends")
    here = Settings(database=DatabaseSettings(url=url)).apart(tmp_path)
    assert here.database_url == f"sqlite+aiosqlite:///{tmp_path / 'amends.db'}"
