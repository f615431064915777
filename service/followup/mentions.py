"""Posts from listening tools: whose each one is, and into whose queue it goes."""

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.brand import Brand
from service.domain.mention import BadLine, Mention, MentionEvent, MentionTally
from service.domain.review import Caller
from service.errors import InvalidInput
from service.followup.mention_lines import FeedLine
from service.followup.mention_writer import MentionWriter, Outcome
from service.store.brands import BrandRepository
from service.store.dialect import hold
from service.store.mentions import ANY_BRAND, MentionRepository
from service.store.session import Connection, Database
from service.triage.brand_finder import BrandFinder
from service.triage.brand_names import own_handles

BATCH = 100
"""Posts a transaction: what was taken stays, also when the next batch never comes."""
MOST_BAD = 100
KEPT_ASIDE = timedelta(days=30)
"""How long a deletion waits for its post."""

Told = Callable[[int], None]


@dataclass
class Counts:
    """The tally while it grows."""

    plain: Counter[str] = field(default_factory=Counter)
    bad: list[BadLine] = field(default_factory=list)

    def add_bad(self, line: int, words: str) -> None:
        """A line that could not be taken."""
        self.plain["bad_count"] += 1
        if len(self.bad) < MOST_BAD:
            self.bad.append(BadLine(line=line, error=words))

    def tally(self) -> MentionTally:
        """What became of the feed so far."""
        return MentionTally(**self.plain, bad=tuple(self.bad))


@dataclass(frozen=True)
class Feed:
    """Who sends posts, which brands they may be about, and what a deletion of any stands under."""

    caller: Caller
    visible: Mapping[str, Brand]
    about: Mapping[str, str]
    scope: str


@dataclass(frozen=True)
class Known:
    """Which brand holds which post and which thread; grows with the batch that is read."""

    posts: set[tuple[str, str]]
    threads: set[tuple[str, str]]

    def owners(self, post: Mention, brands: Iterable[str]) -> list[str]:
        """The brands whose post it is already; words also where they go on in a thread."""
        return [brand_id for brand_id in brands if self._holds(brand_id, post)]

    def _holds(self, brand_id: str, post: Mention) -> bool:
        if (brand_id, post.external_id) in self.posts:
            return True
        if post.event is MentionEvent.DELETED:
            return False
        replies = (brand_id, post.in_reply_to) in self.posts
        return replies or (brand_id, post.conversation_id) in self.threads

    def add(self, brand_id: str, post: Mention) -> None:
        """The post is the brand's from here on."""
        self.posts.add((brand_id, post.external_id))
        if post.conversation_id:
            self.threads.add((brand_id, post.conversation_id))


class MentionService:
    """Takes feeds of posts in, however long; any number of them at the same time."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        finder: BrandFinder,
        writer: MentionWriter,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._brands = brands
        self._posts = MentionRepository()
        self._finder = finder
        self._writer = writer
        self._now = now

    async def take_in(
        self,
        lines: AsyncIterable[FeedLine],
        caller: Caller,
        *,
        brand_id: str | None = None,
        told: Told = lambda _: None,
    ) -> MentionTally:
        """Store what is ours, batch by batch; `told` hears the number of the last line taken.

        With `brand_id` no other brand is looked for. A feed that breaks off can be sent again.
        """
        feed = await self._feed(caller, brand_id or caller.brand_id)
        counts = Counts()
        async for batch in _batches(lines):
            await self._take(batch, feed, counts)
            told(batch[-1].number)
        return counts.tally()

    async def _feed(self, caller: Caller, only: str | None) -> Feed:
        async with self._database.write() as connection:
            await self._posts.forget_deletions(connection, before=self._now() - KEPT_ASIDE)
        async with self._database.read() as connection:
            brands = (
                await self._brands.all(connection)
                if only is None
                else [await self._brands.get(connection, only)]
            )
            silent = [brand.id for brand in brands if not brand.mentions.about]
            titles = await self._posts.policy_titles(connection, silent)
        return Feed(
            caller,
            visible={brand.id: brand for brand in brands},
            about={brand.id: brand.mentions.about or titles.get(brand.id, "") for brand in brands},
            scope=only or ANY_BRAND,
        )

    async def _take(self, lines: Sequence[FeedLine], feed: Feed, counts: Counts) -> None:
        """One batch: read, find whose, write. No connection is held while posts are matched."""
        counts.plain["received"] += len(lines)
        posts = _readable(lines, feed.visible, counts)
        known = await self._known(posts, feed.visible)
        owned: list[tuple[Mention, list[str]]] = []
        for post in posts:
            owners = await self._owners(post, feed, known)
            for brand_id in owners:
                known.add(brand_id, post)
            owned.append((post, owners))
        counts.plain.update(await self._write(owned, feed))

    async def _known(self, posts: Sequence[Mention], visible: Mapping[str, Brand]) -> Known:
        async with self._database.read() as connection:
            return await self._known_in(connection, posts, visible)

    async def _known_in(
        self, connection: Connection, posts: Sequence[Mention], visible: Mapping[str, Brand]
    ) -> Known:
        ids = {i for post in posts for i in (post.external_id, post.in_reply_to) if i}
        conversations = {post.conversation_id for post in posts if post.conversation_id}
        return Known(
            await self._posts.owners(connection, visible, ids),
            await self._posts.threads(connection, visible, conversations),
        )

    async def _owners(self, post: Mention, feed: Feed, known: Known) -> list[str]:
        """The brands whose post it is: said so, here already, in a thread of theirs, or named."""
        if post.brand is not None:
            return [post.brand]
        theirs = known.owners(post, feed.visible)
        if post.event is MentionEvent.DELETED:
            return theirs
        others = [brand for brand in feed.visible.values() if brand.id not in theirs]
        own = [brand.id for brand in others if own_handles(brand, post.author_handle)]
        unsure = [brand for brand in others if brand.id not in own]
        named = await self._finder.named_in(post, unsure, feed.about)
        return sorted({*theirs, *own, *named})

    async def _write(self, owned: Sequence[tuple[Mention, list[str]]], feed: Feed) -> Counter[str]:
        """One transaction, and one import at a time in it: what a batch was matched on holds."""
        async with self._database.write() as connection:
            await hold(connection, "mentions")
            # Another import may have brought their posts and threads while these were matched.
            strays = [post for post, owners in owned if not owners]
            known = await self._known_in(connection, strays, feed.visible)
            shares: dict[str, list[Mention]] = {}
            counted: Counter[str] = Counter()
            for post, matched in owned:
                owners = matched or known.owners(post, feed.visible)
                for brand_id in owners:
                    shares.setdefault(brand_id, []).append(post)
                if owners or post.event is not MentionEvent.DELETED:
                    counted["ours" if owners else "not_ours"] += 1
                else:
                    await self._keep_aside(connection, post, feed)
                    counted[Outcome.KEPT_ASIDE.value] += 1
            for brand_id, posts in shares.items():
                brand = feed.visible[brand_id]
                outcomes = await self._writer.write(connection, brand, posts, feed.caller)
                counted.update(outcome.value for outcome in outcomes)
        return counted

    async def _keep_aside(self, connection: Connection, post: Mention, feed: Feed) -> None:
        """A deletion of a post that is nobody's yet."""
        at = post.revised_at or self._now()
        await self._posts.keep_deletion(connection, feed.scope, post.external_id, at)


def _readable(
    lines: Sequence[FeedLine], visible: Mapping[str, Brand], counts: Counts
) -> list[Mention]:
    found = []
    for line in lines:
        try:
            post = line.mention()
            _require_visible(post, visible)
        except InvalidInput as exc:
            counts.add_bad(line.number, str(exc))
        else:
            found.append(post)
    return found


def _require_visible(post: Mention, visible: Mapping[str, Brand]) -> None:
    if post.brand is not None and post.brand not in visible:
        raise InvalidInput("brand: there is no such brand, or this feed is another's")


async def _batches(lines: AsyncIterable[FeedLine]) -> AsyncIterator[list[FeedLine]]:
    batch: list[FeedLine] = []
    async for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
