"""How many of the customer's points a reply speaks to; ranks candidates, and is no check."""

from collections.abc import Sequence

from service.domain.triage import Issue
from service.text.stems import stems


def missed_issues(reply: str, issues: Sequence[Issue]) -> int:
    """Issues of which not one telling word comes back in the reply."""
    said = stems(reply)
    telling = (stems(issue.text) for issue in issues)
    return sum(bool(words) and not words & said for words in telling)
