"""The catalogue of metrics and what Prometheus reads of it."""

from typing import get_args

import pytest
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families

from shared.telemetry.metrics import CATALOGUE, MetricName, Metrics, text_of

NAMES: tuple[MetricName, ...] = get_args(MetricName)


def shown(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, {"service": metrics.service, **labels})


def test_every_name_has_its_sentence() -> None:
    assert set(CATALOGUE) == set(NAMES)
    assert all(spec.sentence.endswith(".") for spec in CATALOGUE.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_whose_it_is_and_in_which_unit(name: MetricName) -> None:
    spec = CATALOGUE[name]
    assert name.startswith("obligor_")
    assert name.endswith("_total") == (spec.kind is Counter)
    assert name.endswith("_seconds") or spec.kind is not Histogram


@pytest.mark.parametrize("name", NAMES)
def test_no_metric_is_told_apart_by_customer(name: MetricName) -> None:
    assert not {"customer", "customer_id", "person", "key_id"} & set(CATALOGUE[name].labels)


def test_a_counter_adds_up() -> None:
    metrics = Metrics("rating")
    metrics.count("obligor_decisions_total", kind="rating")
    metrics.count("obligor_decisions_total", 2, kind="rating")
    assert shown(metrics, "obligor_decisions_total", kind="rating") == 3


def test_a_gauge_shows_its_last_value() -> None:
    metrics = Metrics("rating")
    metrics.set("obligor_worker_tripped", 1)
    metrics.set("obligor_worker_tripped", 0)
    assert shown(metrics, "obligor_worker_tripped") == 0


def test_a_histogram_counts_and_sums() -> None:
    metrics = Metrics("rating")
    metrics.observe("obligor_batch_seconds", 0.5)
    assert shown(metrics, "obligor_batch_seconds_count") == 1
    assert shown(metrics, "obligor_batch_seconds_sum") == 0.5


def test_a_lost_partitions_lag_can_be_dropped() -> None:
    metrics = Metrics("rating")
    metrics.set("obligor_lag_records", 7, topic="t", partition="0")
    metrics.forget("obligor_lag_records", topic="t", partition="0")
    assert shown(metrics, "obligor_lag_records", topic="t", partition="0") is None


def test_a_counter_cannot_be_set() -> None:
    with pytest.raises(TypeError, match="is a Counter, not a Gauge"):
        Metrics("rating").set("obligor_decisions_total", 1, kind="rating")


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="label"):
        Metrics("rating").count("obligor_decisions_total", customer_id="c1")


def test_several_services_make_one_answer_with_each_family_once() -> None:
    rating, tiering = Metrics("rating"), Metrics("tiering")
    rating.count("obligor_decisions_total", kind="rating")
    tiering.count("obligor_decisions_total", kind="tier")
    text = text_of([rating, tiering]).decode()
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    (decisions,) = (family for family in families if family.name == "obligor_decisions")
    services = {s.labels["service"] for s in decisions.samples if s.name.endswith("_total")}
    assert services == {"rating", "tiering"}


def test_asking_twice_shows_the_same() -> None:
    rating, tiering = Metrics("rating"), Metrics("tiering")
    rating.count("obligor_decisions_total", kind="rating")
    tiering.count("obligor_decisions_total", kind="tier")
    assert text_of([rating, tiering]) == text_of([rating, tiering])


def test_gauges_exist_beside_counters_and_histograms() -> None:
    assert {spec.kind for spec in CATALOGUE.values()} == {Counter, Gauge, Histogram}
