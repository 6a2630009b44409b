"""The envelope around every event: CloudEvents 1.0, binary mode (attributes in headers)."""

from datetime import date, datetime

from msgspec import Struct

from shared.kernel.ids import derived_id


class Event(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A past fact, owned by its publisher. Subclasses name their `ce_type` in `EVENT_TYPES`."""


class Envelope(Struct, frozen=True, kw_only=True):
    """Who said it, when, about whom, and what caused it.

    `subject` is the customer the fact is about (empty for broadcasts); `causation_id` the event that
    caused this one, `correlation_id` the first of the chain, `depth` the number of causes between.
    """

    id: str
    source: str
    type: str
    time: datetime
    subject: str
    correlation_id: str
    causation_id: str
    depth: int = 0

    @property
    def day(self) -> date:
        """The calendar day of `time`, as sent."""
        return self.time.date()

    def chain_of(self, subject: str) -> str:
        """The correlation of what this event causes about a customer.

        A broadcast begins one chain for each customer it reaches: `<marker>/<customer>`.
        """
        broadcast_to_one = subject and not self.subject
        return f"{self.correlation_id}/{subject}" if broadcast_to_one else self.correlation_id

    def followed_by(
        self, *, source: str, event_type: str, subject: str, ordinal: int
    ) -> "Envelope":
        """The envelope of an event that this one causes.

        Its id derives from the cause, so a batch that is tried again announces the same ids; its
        `time` is the cause's, so that a replay tells the same story.
        """
        return Envelope(
            id=derived_id(source, self.source, self.id, event_type, subject, ordinal),
            source=source,
            type=event_type,
            time=self.time,
            subject=subject,
            correlation_id=self.chain_of(subject),
            causation_id=self.id,
            depth=self.depth + 1,
        )


def first_of_chain(
    *, event_id: str, source: str, event_type: str, time: datetime, subject: str
) -> Envelope:
    """The envelope of an event that nothing inside the system caused."""
    return Envelope(
        id=event_id,
        source=source,
        type=event_type,
        time=time,
        subject=subject,
        correlation_id=event_id,
        causation_id="",
    )
