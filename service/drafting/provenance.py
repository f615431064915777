"""What made a draft, hashed into one fingerprint."""

import hashlib
import json
from collections.abc import Sequence

from service import __version__
from service.domain.brand import Brand
from service.domain.draft import PromptRef, Provenance
from service.domain.learning import StyleNote
from service.drafting.profile import Profile
from service.guards.guard import guard_versions
from service.knowledge.retriever import retrieval_version
from service.settings import Settings

NOT_YET = Provenance(
    prompt=None,
    model="",
    sampling=None,
    retrieval={},
    guards="",
    embedding="",
    brand_sha256="",
    service=__version__,
    fingerprint="",
)
"""Stands in an outcome until the drafter, which knows, fills it."""


def provenance_of(
    profile: Profile,
    brand: Brand,
    model: str,
    settings: Settings,
    embedding: str,
    notes: Sequence[StyleNote] = (),
) -> Provenance:
    """The provenance of a draft made with these."""
    ref = profile.template.ref
    made = Provenance(
        prompt=PromptRef(name=ref.name, version=ref.version, sha256=ref.sha256),
        model=model,
        sampling=profile.sampling,
        retrieval={
            **settings.retrieval.model_dump(exclude_none=True),
            "version": retrieval_version(settings.retrieval),
        },
        guards=_guards(settings),
        embedding=embedding,
        notes=tuple(note.id for note in notes),
        brand_sha256=hashlib.sha256(brand.model_dump_json().encode()).hexdigest(),
        service=__version__,
        fingerprint="",
    )
    canonical = json.dumps(made.model_dump(mode="json"), sort_keys=True)
    fingerprint = hashlib.sha256(canonical.encode()).hexdigest()[:16]
    return made.model_copy(update={"fingerprint": fingerprint})


def _guards(settings: Settings) -> str:
    """The local checks, and the judge if one may add to them."""
    checks = settings.checks
    if checks.judge == "off":
        return guard_versions()
    return f"{guard_versions()} judge {checks.judge}: {', '.join(checks.judged)}"
