"""The JSONL contract, apart from what any one command does with a line."""

import asyncio
import json
from pathlib import Path

import click
import pytest

from service.cli.lines import Answer, Batch, Row, read_lines
from service.errors import InvalidInput


async def echo(row: Row) -> Answer:
    return {"id": row.value.get("id"), "said": row.value["say"]}


async def answers(tmp_path: Path, content: bytes) -> tuple[list[Answer], int]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(content)
    code = 0
    try:
        await Batch.read(str(source), str(target), "echoes").run(echo)
    except click.exceptions.Exit as exc:
        code = exc.exit_code
    return [json.loads(line) for line in target.read_bytes().splitlines()], code


async def test_lines_come_out_in_order_with_their_ids(tmp_path: Path) -> None:
    content = b'{"id": "a", "say": "1"}\r\n\n  \n{"id": 7, "say": "2"}\n{"say": "3"}'
    found, code = await answers(tmp_path, content)
    assert found == [
        {"id": "a", "said": "1"},
        {"id": 7, "said": "2"},
        {"id": None, "line": 5, "said": "3"},
    ]
    assert code == 0


BAD = {
    b"{nope": "not JSON",
    b"[1]": "not a JSON object",
    b'"text"': "not a JSON object",
    b'{"id": "n", "say": NaN}': "not JSON",
    b"\xff\xfe{}": "not UTF-8 (byte 1",
    b'{"id": "c", "say": "a\x00b"}': "not JSON",
    b"[" * 100_000: "nested too deep",
    b'{"say": ' + b"9" * 5000 + b"}": "a number too long",
}


@pytest.mark.parametrize(("bad", "words"), BAD.items())
async def test_a_bad_line_is_an_error_and_the_run_goes_on(
    tmp_path: Path, bad: bytes, words: str
) -> None:
    found, code = await answers(tmp_path, bad + b'\n{"id": "ok", "say": "1"}\n')
    assert words in found[0]["error"]
    assert found[0]["line"] == 1
    assert found[1] == {"id": "ok", "said": "1"}
    assert code == 1


async def test_an_error_keeps_the_id_and_repeats_no_words(tmp_path: Path) -> None:
    found, code = await answers(tmp_path, b'{"id": "c-9", "text": "my card is 4111"}')
    assert found == [{"id": "c-9", "error": "a bug in Amends: KeyError; please report it"}]
    assert code == 1


async def test_a_byte_order_mark_and_half_a_surrogate_pair_are_survived(tmp_path: Path) -> None:
    found, _ = await answers(tmp_path, b'\xef\xbb\xbf{"id": "\\ud83d", "say": "\\ud83d!"}\n')
    assert found == [{"id": "?", "said": "?!"}]


async def test_an_empty_file_gives_an_empty_file_and_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await answers(tmp_path, b"\n\n") == ([], 1)
    assert "the file has no lines" in capsys.readouterr().err


async def test_order_holds_while_several_are_worked_on_at_once(tmp_path: Path) -> None:
    running = most = 0

    async def slow(row: Row) -> Answer:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02 if row.value["n"] % 3 == 0 else 0)
        running -= 1
        return {"n": row.value["n"]}

    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(f'{{"id": "{n}", "n": {n}}}\n' for n in range(20)))
    await Batch.read(str(source), str(target), "w").run(slow, at_once=3)
    assert [json.loads(line)["n"] for line in target.read_text().splitlines()] == list(range(20))
    assert most == 3


async def test_what_is_done_is_on_the_disk_before_the_next_line_begins(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": "1"}\n{"id": "2"}\n')
    seen = []

    async def look(row: Row) -> Answer:
        seen.append(target.read_bytes().count(b"\n"))
        return {}

    await Batch.read(str(source), str(target), "looks").run(look)
    assert seen == [0, 1]


def test_one_file_cannot_be_both_ends(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "1"}\n')
    with pytest.raises(InvalidInput, match="same file"):
        Batch.read(str(file), str(file), "w")
    assert file.read_text() == '{"id": "1"}\n'


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"nowhere\.jsonl cannot be read"):
        read_lines("nowhere.jsonl")
