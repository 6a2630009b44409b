from collections.abc import Callable, Iterator, Mapping
from datetime import date
from threading import Lock

import httpx
import pytest

from obligor.remote import SERVICES, Remote
from obligor.rest import AilingError, Look, Positions, StuckError, look, wait_for_rest

Answers = Mapping[str, object]
READS = {
    "screening": ["obligor.monitoring"],
    "rating": ["obligor.monitoring", "obligor.screening", "obligor.financials"],
    "monitoring": ["obligor.transactions", "obligor.signals", "obligor.tiering"],
    "tiering": ["obligor.rating"],
    "recovery": ["obligor.monitoring", "obligor.tiering"],
}


def positions(
    service: str,
    *,
    applied: Mapping[str, int] | None = None,
    log: Mapping[str, int] | None = None,
    closed_on: str | None = "2026-03-31",
) -> Answers:
    return {
        "service": service,
        "reads": READS[service],
        "checkpoints": [
            {"topic": topic, "partition": 0, "position": 0, "log_offset": offset}
            for topic, offset in (applied or {}).items()
        ],
        "log": [
            {"topic": topic, "partition": 0, "next_offset": end}
            for topic, end in (log or {}).items()
        ],
        "partitions": [{"partition": 0, "closed_on": closed_on}],
    }


def at_rest() -> dict[str, Answers]:
    return {
        "screening": positions("screening", applied={"obligor.monitoring": 9}),
        "rating": positions("rating", applied={"obligor.monitoring": 9}, log={"obligor.rating": 3}),
        "monitoring": positions(
            "monitoring",
            applied={"obligor.transactions": 4},
            log={"obligor.transactions": 5, "obligor.monitoring": 10},
        ),
        "tiering": positions("tiering", applied={"obligor.rating": 2}),
        "recovery": positions("recovery", applied={"obligor.monitoring": 9}),
    }


def busy() -> dict[str, Answers]:
    return at_rest() | {"recovery": positions("recovery", applied={"obligor.monitoring": 6})}


def a_platform(rounds: Iterator[dict[str, Answers]], *, ailing: str = "") -> Remote:
    """Answers each round of five questions with the next picture; the last one stays."""
    asked: list[dict[str, Answers]] = []
    count = iter(range(10**9))
    turn = Lock()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/healthz":
            return httpx.Response(503, text=ailing) if ailing else httpx.Response(200)
        with turn:
            number = next(count) // len(SERVICES)
            while len(asked) <= number:
                asked.append(next(rounds, asked[-1] if asked else at_rest()))
        return httpx.Response(200, json=asked[number][request.url.path.split("/")[1]])

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://there")
    return Remote(client)


def _look(pictures: dict[str, Answers]) -> Look:
    return look(a_platform(iter([pictures])))


def test_nobody_is_behind_when_all_stand_at_the_end() -> None:
    assert _look(at_rest()).behind() == []


def test_a_reader_before_the_end_is_behind_by_the_rest() -> None:
    assert [each.sentence for each in _look(busy()).behind()] == [
        "recovery by 3 of obligor.monitoring/0"
    ]


def test_a_reader_that_never_read_a_log_is_behind_by_all_of_it() -> None:
    pictures = at_rest() | {"tiering": positions("tiering")}

    assert [each.sentence for each in _look(pictures).behind()] == [
        "tiering by 3 of obligor.rating/0"
    ]


def test_a_log_that_nobody_reads_keeps_nobody_busy() -> None:
    pictures = at_rest() | {
        "recovery": positions(
            "recovery", applied={"obligor.monitoring": 9}, log={"obligor.recovery": 7}
        )
    }

    assert _look(pictures).behind() == []


def test_an_own_command_that_waits_keeps_a_service_busy() -> None:
    pictures = at_rest() | {
        "screening": positions("screening", applied={"obligor.monitoring": 9}, log={"commands": 2})
    }

    assert [each.sentence for each in _look(pictures).behind()] == ["screening by 2 of commands/0"]


def test_the_chain_is_as_far_as_its_last_service() -> None:
    pictures = at_rest() | {"recovery": positions("recovery", closed_on="2026-03-29")}

    assert _look(pictures).chain_closed_on == date(2026, 3, 29)
    assert _look(pictures).closed_on("monitoring") == date(2026, 3, 31)


def test_the_chain_has_no_day_before_all_have_begun() -> None:
    pictures = at_rest() | {"recovery": positions("recovery", closed_on=None)}

    assert _look(pictures).chain_closed_on is None


def test_a_service_is_as_far_as_its_last_partition() -> None:
    partitions = [
        {"partition": 0, "closed_on": "2026-03-31"},
        {"partition": 1, "closed_on": "2026-03-30"},
    ]
    picture = {**positions("monitoring"), "partitions": partitions}

    assert _look(at_rest() | {"monitoring": picture}).closed_on("monitoring") == date(2026, 3, 30)


def _pictures(*kinds: Callable[[], dict[str, Answers]]) -> Iterator[dict[str, Answers]]:
    return (kind() for kind in kinds)


def test_rest_is_two_looks_that_agree() -> None:
    looks: list[Look] = []
    remote = a_platform(_pictures(busy, at_rest, at_rest))

    wait_for_rest(remote, on_look=looks.append, sleep=lambda _: None)

    assert len(looks) == 3


def test_a_log_that_grew_between_two_looks_is_looked_at_again() -> None:
    def grown() -> dict[str, Answers]:
        return at_rest() | {
            "recovery": positions(
                "recovery", applied={"obligor.monitoring": 9}, log={"obligor.recovery": 1}
            )
        }

    looks: list[Look] = []
    remote = a_platform(_pictures(at_rest, grown, grown))
    wait_for_rest(remote, on_look=looks.append, sleep=lambda _: None)

    assert len(looks) == 3


def test_looking_is_rare_while_much_is_left_and_frequent_at_the_end() -> None:
    def far_behind() -> dict[str, Answers]:
        log = {"obligor.transactions": 9000, "obligor.monitoring": 10}
        applied = {"obligor.transactions": 4}
        return at_rest() | {"monitoring": positions("monitoring", applied=applied, log=log)}

    pauses: list[float] = []
    remote = a_platform(_pictures(far_behind, busy, at_rest, at_rest))
    wait_for_rest(remote, sleep=pauses.append)

    assert pauses == [2.0, 0.02]


def test_a_platform_that_stands_still_with_work_left_is_stuck() -> None:
    ticks = iter(range(0, 10**6, 100))

    with pytest.raises(StuckError, match=r"recovery by 3 of obligor\.monitoring/0"):
        wait_for_rest(
            a_platform(_pictures(busy)),
            sleep=lambda _: None,
            clock=lambda: float(next(ticks)),
        )


def test_a_platform_that_says_it_is_not_well_is_not_waited_for() -> None:
    ticks = iter(range(0, 10**6, 31))
    remote = a_platform(_pictures(busy), ailing="monitoring: TypeError")

    with pytest.raises(AilingError, match="monitoring: TypeError"):
        wait_for_rest(remote, sleep=lambda _: None, clock=lambda: float(next(ticks)))


def test_before_the_ledger_begins_there_is_no_day() -> None:
    assert Positions("monitoring", (), (), ()).closed_on is None
