"""Small pieces that several repositories share: ids, hashes, JSON shapes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from service.domain.thread import Identity


def new_id(prefix: str) -> str:
    """A fresh id such as `drf_3f2a...`."""
    return f"{prefix}_{uuid4().hex[:20]}"


def author_of(details: Mapping[str, Any]) -> Identity:
    """Who wrote a message, as its details tell it."""
    return details.get("author_handle"), details.get("author_name")


def to_json(model: BaseModel) -> dict[str, Any]:
    """A model in the shape a JSON column takes."""
    return model.model_dump(mode="json")


def content_hash(value: BaseModel | Mapping[str, Any]) -> str:
    """The sha256 of a value's canonical JSON."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
