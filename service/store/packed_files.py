"""Packed indexes as files beside the database: a copy that may be lost, and is then made again."""

import time
from contextlib import suppress
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
import structlog

from service.store.groups import Group
from service.store.packed_index import PackedIndex

log = structlog.get_logger(__name__)
FOLDER = "vectors"
_SHAPE = "1"
"""Rises when what a file holds means something else."""
_ABANDONED_S = 3600
_ARRAYS = [field.name for field in fields(PackedIndex) if field.name != "revision"]
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile)


class PackedFiles:
    """One file for each group and revision. Several processes may read and write at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest(self, group: Group) -> PackedIndex | None:
        """What is there of the highest revision and whole; the zip's own checksums tell."""
        files = self._folder.glob(f"{_prefix(group)}-*.npz")
        for path in sorted(files, key=_revision, reverse=True):
            try:
                return _read(path, group)
            except _UNREADABLE as exc:
                log.warning("vector_index_unreadable", file=path.name, error=type(exc).__name__)
        return None

    def keep(self, group: Group, index: PackedIndex) -> bool:
        """Write the file, whole or not at all, and remove what it takes the place of."""
        path = self._folder / f"{_prefix(group)}-{index.revision}.npz"
        half = path.with_suffix(f".{uuid4().hex}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as file:
                arrays = {name: getattr(index, name) for name in _ARRAYS}
                np.savez(file, about=np.array(_about(group)), **arrays)
            half.replace(path)
            self._tidy(group, index.revision)
        except OSError as exc:
            log.error(
                "vector_index_not_kept",
                reason=exc.strerror,
                do="searches go on from memory, and the next start makes the index again: "
                "free some space in AMENDS_DATA_DIR and make its folder `vectors` writable",
            )
            return False
        finally:
            with suppress(OSError):
                half.unlink()
        return True

    def forget(self, group: Group) -> None:
        """Remove what is not the database's, so that nobody reads it again."""
        for path in self._folder.glob(f"{_prefix(group)}-*.npz"):
            path.unlink(missing_ok=True)

    def _tidy(self, group: Group, revision: int) -> None:
        """A revision is the brand's: files of older ones are of no use, whatever the model."""
        for path in self._folder.glob(f"{_shelf(group)}-*.npz"):
            if _revision(path) < revision:
                path.unlink(missing_ok=True)
        for path in self._folder.glob("*.part"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    path.unlink()


def _read(path: Path, group: Group) -> PackedIndex:
    # Opened here, since numpy leaves a file open that turns out to be no archive.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        if found["about"].tolist() != _about(group):
            raise ValueError("of another group")
        arrays = {name: found[name] for name in _ARRAYS}
    index = PackedIndex(revision=_revision(path), **arrays)
    rows = {len(index.ids), index.codes.shape[1], len(index.lengths), len(index.scales)}
    if rows != {len(index.rounded)} or index.rounded.shape[1] != index.numbers:
        raise ValueError("the parts do not fit")
    return index


def _about(group: Group) -> list[str]:
    return [_SHAPE, group.brand_id, group.source, group.model]


def _shelf(group: Group) -> str:
    return _hashed(group.brand_id, group.source)


def _prefix(group: Group) -> str:
    return f"{_shelf(group)}-{_hashed(group.model)}"


def _hashed(*names: str) -> str:
    return sha256("\n".join(names).encode()).hexdigest()[:16]


def _revision(path: Path) -> int:
    number = path.stem.rpartition("-")[2]
    return int(number) if number.isdigit() else -1
