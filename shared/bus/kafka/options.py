"""Where the brokers are, and how patient the transport is with them."""

from dataclasses import dataclass

from aiokafka.codec import has_lz4

from shared.bus.kafka.headway import STUCK_AFTER_SECONDS


@dataclass(frozen=True, slots=True)
class KafkaOptions:
    """Settings of the `kafka` transport; the defaults are for production.

    A worker that dies is noticed after `session_timeout_ms`; one that is slow may take
    `rebalance_timeout_ms` for its batch before it loses its partitions. `send_seconds` is how long
    a batch of the log may go unacknowledged before its fate counts as unknown.
    """

    bootstrap: str
    session_timeout_ms: int = 15_000
    heartbeat_interval_ms: int = 3_000
    rebalance_timeout_ms: int = 60_000
    request_timeout_ms: int = 10_000
    retry_backoff_ms: int = 250
    fetch_max_wait_ms: int = 250
    max_partition_fetch_bytes: int = 512 * 1024
    max_batch_bytes: int = 900_000
    send_seconds: float = 30.0
    stuck_seconds: float = STUCK_AFTER_SECONDS

    @property
    def compression(self) -> str | None:
        """lz4, where the codec that aiokafka needs for it is installed."""
        return "lz4" if has_lz4() else None
