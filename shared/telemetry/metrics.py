"""The catalogue of metrics: a name outside it is a type error, and its sentence is the manual."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeVar, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample
from typing_extensions import override

MetricName = Literal[
    "obligor_http_requests_total",
    "obligor_http_request_seconds",
    "obligor_batches_total",
    "obligor_batch_seconds",
    "obligor_records_total",
    "obligor_duplicates_total",
    "obligor_skipped_records_total",
    "obligor_misplaced_records_total",
    "obligor_lag_records",
    "obligor_unshipped_records",
    "obligor_dead_letters_total",
    "obligor_decisions_total",
    "obligor_decision_seconds",
    "obligor_commands_total",
    "obligor_closed_day_timestamp_seconds",
    "obligor_worker_tripped",
    "obligor_partitions_owned",
]

MetricT = TypeVar("MetricT", Counter, Gauge, Histogram)
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class MetricSpec(NamedTuple):
    """What a metric is, the labels it has beside `service`, and what it says."""

    kind: type[Counter] | type[Gauge] | type[Histogram]
    labels: tuple[str, ...]
    sentence: str


CATALOGUE: Final[Mapping[MetricName, MetricSpec]] = {
    "obligor_http_requests_total": MetricSpec(
        Counter, ("method", "route", "status"), "HTTP requests answered, by route template."
    ),
    "obligor_http_request_seconds": MetricSpec(
        Histogram, ("method", "route"), "Time from a request's first byte to its answer's last."
    ),
    "obligor_batches_total": MetricSpec(
        Counter, ("outcome",), "Batches that workers committed, or gave up and will try again."
    ),
    "obligor_batch_seconds": MetricSpec(Histogram, (), "Time a batch took, commit included."),
    "obligor_records_total": MetricSpec(Counter, ("topic",), "Records applied, by topic."),
    "obligor_duplicates_total": MetricSpec(
        Counter, ("topic",), "Records dropped because they had been applied before."
    ),
    "obligor_skipped_records_total": MetricSpec(
        Counter, ("topic",), "Records of a type that nobody here knows."
    ),
    "obligor_misplaced_records_total": MetricSpec(
        Counter, ("topic",), "Records found on the wrong partition and appended to the right one."
    ),
    "obligor_lag_records": MetricSpec(
        Gauge, ("topic", "partition"), "Records in the log that have not been applied yet."
    ),
    "obligor_unshipped_records": MetricSpec(
        Gauge, ("topic", "partition"), "Records of our own log that Kafka has not acknowledged yet."
    ),
    "obligor_dead_letters_total": MetricSpec(
        Counter, ("code",), "Records parked because they can never be applied, by reason code."
    ),
    "obligor_decisions_total": MetricSpec(Counter, ("kind",), "Decisions stored, by kind."),
    "obligor_decision_seconds": MetricSpec(
        Histogram,
        ("topic",),
        "Time from the writing of a batch's oldest record to the commit of what it decided.",
    ),
    "obligor_commands_total": MetricSpec(
        Counter,
        ("command", "status"),
        "Commands at the doors, by name and what their senders were told.",
    ),
    "obligor_closed_day_timestamp_seconds": MetricSpec(
        Gauge, ("partition",), "The last closed day of a partition, as Unix time of its midnight."
    ),
    "obligor_worker_tripped": MetricSpec(
        Gauge, (), "1 while an unexpected failure of our own code has stopped the worker."
    ),
    "obligor_partitions_owned": MetricSpec(Gauge, (), "Partitions this process works on."),
}


class _Together(Collector):
    """Several services' metrics as if one had counted them all: one family per name."""

    def __init__(self, registries: Iterable[CollectorRegistry]) -> None:
        self._registries = tuple(registries)

    @override
    def collect(self) -> Iterable[Metric]:
        """All registries' families, those of one name together."""
        families: dict[str, Metric] = {}
        for family in (each for registry in self._registries for each in registry.collect()):
            known = families.setdefault(family.name, family)
            before = [] if known is family else known.samples
            known.samples = [*before, *filter(_is_asked_for, family.samples)]
        return families.values()


def _is_asked_for(sample: Sample) -> bool:
    """Leave out when each series began: a second series for every one there is."""
    return not sample.name.endswith("_created")


class Metrics:
    """One service's metrics in this process; each carries the label `service`.

    What is in `before_shown` is called whenever someone looks, to set gauges of what is now.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        self.before_shown: list[Callable[[], None]] = []
        self._metrics = {name: self._made(name, CATALOGUE[name]) for name in get_args(MetricName)}

    def count(self, name: MetricName, amount: float = 1.0, **labels: str) -> None:
        """Add to a counter."""
        self._child(name, Counter, labels).inc(amount)

    def set(self, name: MetricName, value: float, **labels: str) -> None:
        """Set a gauge."""
        self._child(name, Gauge, labels).set(value)

    def observe(self, name: MetricName, value: float, **labels: str) -> None:
        """Add an observation, in seconds, to a histogram."""
        self._child(name, Histogram, labels).observe(value)

    def forget(self, name: MetricName, **labels: str) -> None:
        """Drop a gauge of something that is no longer ours, such as a lost partition's lag."""
        values = [labels[label] for label in CATALOGUE[name].labels]
        self._metrics[name].remove(self.service, *values)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return text_of([self])

    def _made(self, name: MetricName, spec: MetricSpec) -> Counter | Gauge | Histogram:
        labels = ("service", *spec.labels)
        if spec.kind is Histogram:
            return Histogram(name, spec.sentence, labels, buckets=_SECONDS, registry=self.registry)
        return spec.kind(name, spec.sentence, labels, registry=self.registry)

    def _child(self, name: MetricName, kind: type[MetricT], labels: Mapping[str, str]) -> MetricT:
        metric = self._metrics[name]
        if not isinstance(metric, kind):
            message = f"{name} is a {type(metric).__name__}, not a {kind.__name__}"
            raise TypeError(message)
        return metric.labels(service=self.service, **labels)


def text_of(metrics: Iterable[Metrics]) -> bytes:
    """Several services' metrics in one answer, in Prometheus' text format."""
    shown = list(metrics)
    for each in shown:
        for refresh in each.before_shown:
            refresh()
    return generate_latest(_Together(each.registry for each in shown))
