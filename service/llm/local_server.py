"""The bundled model's server process: `python -m service.llm.local_server`, started by LocalServer.

It says on stdout what it is doing, one line at a time, and ends when its stdin does.
"""

import argparse
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from service.errors import AmendsError, ConfigurationError, NoModelConfigured
from service.llm.bundled_file import NO_MODEL, model_file

READY = "ready"
ERROR = "error: "
_PR_SET_PDEATHSIG = 1
_WARNINGS = 2  # llama.cpp's verbosity; prompts appear from 4 on
# Measured on 2 cores: as fast as 512 and 60 MB smaller.
_UBATCH = 256
# Prefixes of other brands, kept beside the last one: 28 KB a token, 26 s saved per switch back.
_PREFIX_CACHE_MIB = 256


def main(argv: Sequence[str] | None = None) -> int:
    """Join the file if need be, load it, serve it until the owner is gone."""
    options = _options(argv)
    words = _own_stdout()
    _end_with_owner(die_with_parent=options.die_with_parent)
    try:
        _tell(words, "joining the model file")
        path = model_file(options.cache_dir, options.gguf)
        _tell(words, "loading the model")
        server = _serve(path, options)
    except AmendsError as exc:
        _tell(words, f"{ERROR}{exc}")
        return 1
    _tell(words, READY)
    threading.Event().wait()
    del server
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="service.llm.local_server")
    parser.add_argument("--cache-dir", type=Path, required=True)
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--context-tokens", type=int, required=True)
    parser.add_argument("--die-with-parent", action="store_true")
    return parser.parse_args(argv)


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _own_stdout() -> TextIO:
    """Keep stdout for our words alone: whatever native code prints there goes to the log."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "w", encoding="utf-8")


def _tell(words: TextIO, line: str) -> None:
    words.write(" ".join(line.split()) + "\n")
    words.flush()


def _end_with_owner(*, die_with_parent: bool) -> None:
    if die_with_parent and sys.platform == "linux":
        # At once even while native code holds the interpreter; the pipe works everywhere.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_exit_at_end_of_stdin, daemon=True).start()


def _exit_at_end_of_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # the main thread may be deep in native code


def _serve(path: Path, options: argparse.Namespace) -> object:
    try:
        import xllamacpp
    except ImportError as exc:
        raise NoModelConfigured(NO_MODEL) from exc
    try:
        return xllamacpp.Server(_parameters(xllamacpp, path, options))
    except RuntimeError as exc:
        raise ConfigurationError(
            f"{path.name} could not be served on port {options.port}: the file may be damaged"
            " (`amends doctor` checks it), memory short or the port taken; see bundled-model.log"
        ) from exc


def _parameters(xllamacpp: Any, path: Path, options: argparse.Namespace) -> object:
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(path)
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = options.port
    wanted.n_ctx = options.context_tokens
    wanted.n_parallel = 1
    wanted.n_ubatch = _UBATCH
    wanted.n_gpu_layers = 0
    wanted.cache_prompt = True
    wanted.cache_ram_mib = _PREFIX_CACHE_MIB
    # Weights are repacked for the CPU when loaded: a mapped file would be kept beside them.
    wanted.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    _share_cores(wanted, options.threads)
    _close_doors(wanted)
    return wanted


def _share_cores(wanted: Any, threads: int | None) -> None:
    """By default every core reads the prompt and all but one write the answer.

    Threads wait for each other at every token: with as many writers as cores, one other busy
    process brought 27 tokens a second down to 0.6; with one writer fewer it is 20 and 14.
    """
    wanted.cpuparams.n_threads = threads or max(1, _cores() - 1)
    wanted.cpuparams_batch.n_threads = threads or _cores()
    for pool in (wanted.cpuparams, wanted.cpuparams_batch):
        pool.poll = 0  # idle threads sleep: the API needs the cores meanwhile


def _close_doors(wanted: Any) -> None:
    """No pages, no look into prompts, no calls from web pages, no prompts in the log."""
    wanted.ui = False
    wanted.endpoint_slots = False
    wanted.endpoint_props = False
    wanted.cors_origins = ""
    wanted.verbosity = _WARNINGS


if __name__ == "__main__":
    sys.exit(main())
