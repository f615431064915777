"""What a judge is shown of a case: each text in a fence of its own, which nothing in it closes."""

from collections.abc import Callable, Iterable, Mapping

from service.domain.knowledge import PolicyPassage
from service.guards.context import CheckContext
from service.guards.sources import brand_texts
from service.text.fences import fence

_REPLY_CHARS, _COMPLAINT_CHARS, _TEXT_CHARS = 8000, 6000, 2000
_MESSAGES, _FACTS, _PASSAGES, _OLD_PASSAGES, _ISSUES = 12, 12, 8, 4, 12


def evidence_for(variables: Iterable[str], context: CheckContext) -> dict[str, str]:
    """The texts that a prompt asks for."""
    return {name: EVIDENCE[name](context) for name in variables}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]} …"


def _fences(label: str, texts: Iterable[str]) -> str:
    return "\n".join(fence(label, _cut(text, _TEXT_CHARS)) for text in texts if text.strip())


def _reply(context: CheckContext) -> str:
    return fence("reply", _cut(context.reply, _REPLY_CHARS))


def _complaint(context: CheckContext) -> str:
    return fence("customer_message", _cut(context.case.complaint.text, _COMPLAINT_CHARS))


def _customer_name(context: CheckContext) -> str:
    return _fences("customer_name", (context.case.complaint.author_name or "",))


def _thread(context: CheckContext) -> str:
    """One fence per message: within a common one, a message could go on as somebody else."""
    shown = context.case.others[-_MESSAGES:]
    return "\n".join(_fences(f"{one.author.value}_said", (one.text,)) for one in shown)


def _known(context: CheckContext) -> str:
    return _fences("known_fact", (fact.text for fact in context.case.facts[-_FACTS:]))


def _policy(context: CheckContext) -> str:
    return _fences("policy", (f"{one.title}\n{one.text}" for one in context.policy[:_PASSAGES]))


def _old_policy(context: CheckContext) -> str:
    """The rules that no longer hold, those first whose successors are in play."""
    in_play = {passage.id for passage in context.policy}

    def succeeded(one: PolicyPassage) -> bool:
        return one.id not in in_play

    shown = sorted(context.superseded, key=succeeded)[:_OLD_PASSAGES]
    return _fences("no_longer_valid", (f"{one.title}\n{one.text}" for one in shown))


def _settings(context: CheckContext) -> str:
    return _fences("brand_says", ("\n".join(filter(None, brand_texts(context.brand))),))


def _windows(context: CheckContext) -> str:
    return _fences("may_be_promised", context.brand.follow_up_windows)


def _issues(context: CheckContext) -> str:
    return _fences("point", (issue.text for issue in context.issues[:_ISSUES]))


def _move(context: CheckContext) -> str:
    return context.move.value.replace("_", " ")


EVIDENCE: Mapping[str, Callable[[CheckContext], str]] = {
    "reply": _reply,
    "complaint": _complaint,
    "customer_name": _customer_name,
    "thread": _thread,
    "known": _known,
    "policy": _policy,
    "old_policy": _old_policy,
    "settings": _settings,
    "windows": _windows,
    "issues": _issues,
    "move": _move,
}
"""The variables that a judge's prompt may use."""
