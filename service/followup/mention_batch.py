"""One brand's share of a batch: what is known of its posts, and which of them stand alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.brand import Brand
from service.domain.mention import Mention, MentionEvent
from service.domain.review import Caller
from service.domain.thread import Author
from service.store.mentions import StoredPost
from service.store.session import Connection
from service.triage.brand_names import own_handles


@dataclass(frozen=True)
class Batch:
    """Posts of one brand on their way: `here` and `gone` by the posts' own ids.

    `replied`: in which thread a reply waits for its post. `threads` are those that are stored
    already: what a post names, and where its parent is.
    """

    connection: Connection
    brand: Brand
    caller: Caller
    here: dict[str, StoredPost]
    replied: dict[str, str]
    gone: dict[str, datetime]
    threads: set[str]

    def thread_of(self, post: Mention) -> str | None:
        """Its conversation, else where the post is that it replies to, else where a reply to it
        is; None where all are new."""
        parent = self.here.get(post.in_reply_to or "")
        thread = post.conversation_id or (parent.thread_id if parent else None)
        return thread or self.replied.get(post.external_id)

    def author_of(self, post: Mention) -> Author:
        """Whose words they are; the brand's own accounts are known by their handles."""
        return Author.BRAND if own_handles(self.brand, post.author_handle) else post.author

    def alone(self, posts: Sequence[Mention]) -> list[Mention]:
        """The posts that begin a thread and that nothing else in the batch has to do with.

        Most of a feed is so; these can be written all at once.
        """
        named = Counter(
            name
            for post in posts
            for name in {post.external_id, post.conversation_id, post.in_reply_to} - {None}
        )
        return [post for post in posts if self._is_new(post) and _names_itself_only(post, named)]

    def _is_new(self, post: Mention) -> bool:
        if post.event is MentionEvent.DELETED or self.author_of(post) is not Author.CUSTOMER:
            return False
        places = (self.here, self.gone, self.replied)
        known = any(post.external_id in place for place in places)
        thread = self.thread_of(post)
        return not known and (thread is None or thread not in self.threads)


def _names_itself_only(post: Mention, named: Counter[str | None]) -> bool:
    names = {post.external_id, post.conversation_id, post.in_reply_to} - {None}
    return all(named[name] == 1 for name in names)
