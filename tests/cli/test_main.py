"""The command as a whole: quick help, and errors that are words."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from service.domain.review import DecisionKind, Role
from service.domain.thread import Channel
from tests.cli.conftest import Cli, write_jsonl

AMENDS = [sys.executable, "-c", "from service.cli.main import run; run()"]
COMMANDS = """
demo, draft, triage, check, search, queue, assign, show, decide, serve, doctor, brand import,
brand list, brand show, brand expand, brand reindex, prompt list, prompt show, prompt render,
prompt release, key create, key list, key revoke, db upgrade, db backup, db restore
"""


def amends(
    *args: str, tmp_path: Path, stdin: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    folders = {"AMENDS_DATA_DIR": str(tmp_path / "data"), "AMENDS_CACHE_DIR": str(tmp_path / "c")}
    environment = {**os.environ, **folders, **variables}
    return subprocess.run(
        [*AMENDS, *args], input=stdin, capture_output=True, env=environment, timeout=60, check=False
    )


def test_help_answers_in_half_a_second(tmp_path: Path) -> None:
    """The best of five in CPU time: what else the machine does can only add to it."""
    assert min(_cpu_seconds_of_help(tmp_path) for _ in range(5)) < 0.5


def _cpu_seconds_of_help(tmp_path: Path) -> float:
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert amends("--help", tmp_path=tmp_path).returncode == 0
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    script = "import sys, service.cli.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"pydantic", "numpy", "sqlalchemy", "torch", "litellm", "guardrails", "rich", "yaml"}
    assert not heavy & set(loaded)


@pytest.mark.parametrize("command", [" ".join(c.split()) for c in COMMANDS.split(",")])
def test_every_command_explains_itself_with_an_example(cli: Cli, command: str) -> None:
    result = cli(*command.split(), "--help")
    assert result.exit_code == 0
    assert f"amends {command}" in result.stdout.split("Usage:")[1].split("\n", 1)[1]
    rows = re.findall(r"^│ \*?\s+\w+\s+\[?[A-Z]+\]?(.*)│$", result.stdout, re.MULTILINE)
    assert all(row.strip() for row in rows)


def test_the_words_of_the_options_are_the_words_of_the_domain(cli: Cli) -> None:
    helped = {name: cli(name, "--help").stdout for name in ("decide", "draft")}
    keyed = cli("key", "create", "--help").stdout
    assert all(kind.value in helped["decide"] for kind in DecisionKind)
    assert all(channel.value in helped["draft"] for channel in Channel)
    assert all(role.value in keyed for role in Role)


def test_an_error_is_one_line_on_stderr(cli: Cli) -> None:
    result = cli("brand", "show", "nobody")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == ("error: no brand 'nobody': import it with `amends brand import DIR`\n")


BAD_SETTINGS = {
    "AMENDS_LLM__CANDIDATES": ("99", "it must be 8 or less"),
    "AMENDS_LLM__MODLE": ("x", "there is no such setting"),
    "AMENDS_SERVER__PORT": ("http", "it must be a whole number"),
}


@pytest.mark.parametrize(("name", "value"), BAD_SETTINGS.items())
def test_a_bad_setting_is_named_and_not_repeated(
    tmp_path: Path, name: str, value: tuple[str, str]
) -> None:
    given, words = value
    variables: dict[str, Any] = {name: given}
    result = amends("db", "upgrade", tmp_path=tmp_path, **variables)
    assert result.returncode == 2
    assert result.stderr.decode().startswith(f"error: {name}: {words}")
    assert b"Traceback" not in result.stderr


def test_a_group_that_is_no_json_is_an_error_in_words(tmp_path: Path) -> None:
    result = amends("db", "upgrade", tmp_path=tmp_path, AMENDS_LLM="sk-secret")
    assert result.returncode == 2
    assert b"secret" not in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_model_that_cannot_be_opened_is_an_error_in_words(tmp_path: Path) -> None:
    asked = ("draft", "--brand", "b", "nobody came")
    result = amends(*asked, tmp_path=tmp_path, AMENDS_LLM__GGUF="/nowhere.gguf")
    assert result.returncode == 2
    assert result.stderr.startswith(b"error: AMENDS_LLM__GGUF=/nowhere.gguf")
    assert result.stderr.count(b"\n") == 1


def test_a_broken_pipe_is_silent(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "AMENDS_DATA_DIR": str(tmp_path)}
    with os.fdopen(writer, "wb") as pipe:
        result = subprocess.run(
            [*AMENDS, "prompt", "list", "--json"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=60,
            check=False,
        )
    assert result.stderr == b""


def test_one_text_or_one_file(cli: Cli) -> None:
    for args in (["triage"], ["triage", "text", "--input", "x.jsonl"], ["triage", "text"]):
        result = cli(*args)
        assert result.exit_code == 2
        assert result.stdout == ""


def test_a_missing_input_file_is_named(cli: Cli, plain_brand: str) -> None:
    result = cli("triage", "--brand", plain_brand, "--input", "nowhere.jsonl")
    assert result.exit_code == 2
    assert "nowhere.jsonl cannot be read" in result.stderr


@pytest.mark.parametrize("command", ["draft", "triage", "check", "search"])
def test_an_input_without_lines_is_said_to_be_empty(
    cli: Cli, plain_brand: str, tmp_path: Path, command: str
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"\n")
    result = cli(command, "--brand", plain_brand, "--input", str(empty))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the file has no lines" in result.stderr
    piped = cli(command, "--brand", plain_brand, "--input", "-", stdin=b"")
    assert (piped.exit_code, piped.stdout) == (1, "")
    assert "stdin has no lines" in piped.stderr


@pytest.mark.parametrize("command", ["draft", "triage", "check", "search"])
def test_a_line_of_another_brand_is_not_taken_for_the_chosen_one_s(
    cli: Cli, plain_brand: str, tmp_path: Path, command: str
) -> None:
    row = {"id": "1", "brand": "tidewell", "complaint": "Nobody came.", "reply": "Hello."}
    source = write_jsonl(tmp_path / "cases.jsonl", [row])
    result = cli(command, "--brand", plain_brand, "--input", str(source))
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["error"] == (
        "brand: the line says 'tidewell' and --brand says 'plain'; leave one of them out"
    )


def test_ctrl_c_ends_a_wait_for_stdin(tmp_path: Path) -> None:
    with _started("triage", "--brand", "b", "--input", "-", tmp_path=tmp_path) as waiting:
        _wait_until_idle(waiting)
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(30) == 130
        assert waiting.stderr is not None
        assert waiting.stderr.read() == b"stopped\n"


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_at_once_and_ends_when_told_to(tmp_path: Path, end: signal.Signals) -> None:
    port = _free_port()
    serving = ("serve", "--port", str(port))
    with _started(*serving, tmp_path=tmp_path, AMENDS_LLM__MODEL="openai/none") as server:
        began = time.monotonic()
        while not _is_healthy(port) and time.monotonic() - began < 20:
            time.sleep(0.05)
        assert _is_healthy(port)
        server.send_signal(end)
        assert server.wait(20) == 0
        assert server.stdout is not None
        assert server.stdout.read() == b""


def _wait_until_idle(process: subprocess.Popen[bytes]) -> None:
    """Until it uses no more processor: it has started, and waits for what it was told to read.

    On a busy machine it may get none for a second, and then is not idle yet.
    """
    watched, seen = psutil.Process(process.pid), [0.0]
    while len(seen) < 4 or len(set(seen[-3:])) > 1:
        time.sleep(1.0)
        seen.append(sum(watched.cpu_times()[:2]))


@contextmanager
def _started(*args: str, tmp_path: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    folders = {"AMENDS_DATA_DIR": str(tmp_path / "data"), "AMENDS_CACHE_DIR": str(tmp_path / "c")}
    pipe = subprocess.PIPE
    # A run of the tests in the background ignores Ctrl-C, and its children would as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [*AMENDS, *args],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env={**os.environ, **folders, **variables},
    ) as process:
        yield process
        process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success
    except httpx.TransportError:
        return False
