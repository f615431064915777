"""What follows the conversation around the drafts, built over what drafting is built from."""

from functools import cached_property

from service.followup.closing import Closing
from service.followup.commitments import Commitments
from service.followup.coverage import Coverage
from service.followup.deadlines import Deadlines
from service.followup.hand_over import HandOverRecords, HandOverService
from service.followup.knowing import Knowing
from service.followup.mention_writer import MentionRecords, MentionWriter
from service.followup.mentions import MentionService
from service.followup.period import Periods
from service.followup.queue import QueueService
from service.followup.reports import Reports
from service.followup.threads import Threads
from service.followup.work import Followups
from service.store.due import DueRepository
from service.store.unanswered import UnansweredRepository
from service.triage.brand_finder import BrandFinder
from service.wiring.drafting import Wiring


class ConversationWiring:
    """The services from a mention to the public closing, and what is said about them all."""

    def __init__(self, shared: Wiring) -> None:
        self._shared = shared

    def queue(self) -> QueueService:
        shared = self._shared
        return QueueService(
            database=shared.database, brands=shared.brands, queue=shared.waiting, now=shared.now
        )

    def hand_overs(self) -> HandOverService:
        shared = self._shared
        records = HandOverRecords(
            brands=shared.brands,
            drafts=shared.drafted,
            hand_overs=shared.handed_over,
            keys=shared.requests,
            outbox=shared.outbox,
            audit=shared.audit,
        )
        return HandOverService(
            database=shared.database, records=records, routing=shared.routing, now=shared.now
        )

    @cached_property
    def commitments(self) -> Commitments:
        shared = self._shared
        return Commitments(
            database=shared.database,
            brands=shared.brands,
            commitments=shared.promised,
            threads=shared.threads,
            drafts=shared.drafted,
            outbox=shared.outbox,
            audit=shared.audit,
            now=shared.now,
        )

    def closing(self) -> Closing:
        shared = self._shared
        return Closing(
            database=shared.database,
            brands=shared.brands,
            threads=shared.threads,
            resolutions=shared.resolutions,
            drafts=shared.drafted,
            keys=shared.requests,
            outbox=shared.outbox,
            audit=shared.audit,
            now=shared.now,
        )

    def knowing(self) -> Knowing:
        shared = self._shared
        return Knowing(
            database=shared.database,
            threads=shared.threads,
            resolutions=shared.resolutions,
            drafts=shared.drafted,
            commitments=shared.promised,
            keys=shared.requests,
            audit=shared.audit,
            now=shared.now,
        )

    def threads(self) -> Threads:
        shared = self._shared
        return Threads(
            database=shared.database, brands=shared.brands, resolutions=shared.resolutions
        )

    def mentions(self) -> MentionService:
        shared = self._shared
        records = MentionRecords(threads=shared.threads, outbox=shared.outbox, audit=shared.audit)
        return MentionService(
            database=shared.database,
            brands=shared.brands,
            finder=BrandFinder(shared.embedder),
            writer=MentionWriter(records=records, drafts=shared.store, now=shared.now),
            now=shared.now,
        )

    def followups(self) -> Followups:
        shared = self._shared
        deadlines = Deadlines(
            database=shared.database,
            brands=shared.brands,
            due=DueRepository(),
            outbox=shared.outbox,
        )
        return Followups([deadlines, self.commitments], now=shared.now)

    def coverage(self) -> Coverage:
        shared = self._shared
        return Coverage(
            database=shared.database,
            periods=Periods(brands=shared.brands, now=shared.now),
            reports=shared.reported,
            unanswered=UnansweredRepository(),
            now=shared.now,
        )

    def reports(self) -> Reports:
        shared = self._shared
        return Reports(
            database=shared.database,
            periods=Periods(brands=shared.brands, now=shared.now),
            reports=shared.reported,
            now=shared.now,
        )
