"""Speaks HTTP with a running platform, and says clearly what went wrong when it does not answer."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import httpx
import msgspec
from msgspec import Struct

from shared.kernel.errors import ObligorError

AnswerT = TypeVar("AnswerT")
ThingT = TypeVar("ThingT")
DEFAULT_URL: Final = "http://127.0.0.1:8000"
TOKEN_FILE: Final = Path("data/token")
SERVICES: Final = ("screening", "rating", "monitoring", "tiering", "recovery")
_IN_PARALLEL: Final = 48
_PASSING: Final = frozenset({502, 503, 504})
_LARGEST_PAGE: Final = 200
_ASK_AGAIN_SECONDS: Final = 0.2
Query = str | int | bool | list[str] | None


class UnreachableError(ObligorError):
    """Nothing answers where the platform should be."""

    code = "unreachable"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"no platform answers at {url} ({reason}); start one with `obligor up`, "
            "or set OBLIGOR_URL to where it runs"
        )


class RefusedError(ObligorError):
    """The platform answered with a problem; its sentence is passed on."""

    code = "refused_by_platform"

    def __init__(self, problem: "ProblemAnswer") -> None:
        super().__init__(problem.sentence())
        self.problem = problem


class WrongField(Struct, frozen=True):
    """One field that a problem names."""

    field: str = ""
    rule: str = ""
    value: str | None = None


class ProblemAnswer(Struct, frozen=True):
    """An RFC 9457 problem, as far as people need it."""

    status: int = 0
    code: str = "unknown"
    detail: str = ""
    request_id: str | None = None
    errors: tuple[WrongField, ...] = ()

    def sentence(self) -> str:
        """What to tell the person at the terminal."""
        wrong = "".join(
            f"\n  {each.field}" + (f" = {each.value!r}" if each.value else "") + f": {each.rule}"
            for each in self.errors
        )
        hint = ""
        if self.status == httpx.codes.UNAUTHORIZED:
            hint = "\nSet OBLIGOR_TOKEN to a key of this platform (obligor keys create)."
        reference = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.detail} [{self.status} {self.code}]{reference}{wrong}{hint}"


class CommandState(Struct, frozen=True):
    """Where a command stands."""

    status: str = "pending"
    http_status: int | None = None
    answer: msgspec.Raw = msgspec.Raw(b"null")


class Remote:
    """One platform, one key.

    `places` says where single services are, if not all at the client's address; `patience` is how
    long passing failures are waited out, in seconds.
    """

    def __init__(
        self,
        client: httpx.Client,
        *,
        places: Mapping[str, str] | None = None,
        patience: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._places = dict(places or {})
        self._patience = patience
        self._sleep = sleep

    @property
    def url(self) -> str:
        """Where the platform is."""
        return str(self._client.base_url).rstrip("/")

    def is_ready(self) -> bool:
        """Whether something serves at the address, and says that it is ready for work."""
        try:
            return self._client.get("/readyz").is_success
        except httpx.TransportError:
            return False

    def ailing(self) -> str | None:
        """What keeps the platform from being well, in its own words; None if nothing does."""
        for place in dict.fromkeys(["", *self._places.values()]):
            try:
                response = self._client.get(f"{place}/healthz")
            except httpx.TransportError:
                continue
            if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                return response.text[:1000]
        return None

    def get(self, path: str, answer: type[AnswerT], **query: Query) -> AnswerT:
        """Ask a question."""
        return self._read(self._send("GET", path, query=query), answer)

    def find(self, path: str, answer: type[AnswerT], **query: Query) -> AnswerT | None:
        """Ask a question that may have no answer (404)."""
        try:
            return self.get(path, answer, **query)
        except RefusedError as error:
            if error.problem.status == httpx.codes.NOT_FOUND:
                return None
            raise

    def pages(self, path: str, item: type[AnswerT], **query: Query) -> Iterator[AnswerT]:
        """Every member of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, PageAnswer, limit=_LARGEST_PAGE, cursor=cursor, **query)
            yield from msgspec.json.decode(page.items, type=list[item])  # type: ignore[valid-type]  # a type given as a value
            cursor = page.next_cursor
            if cursor is None:
                return

    def post(self, path: str, answer: type[AnswerT], body: bytes = b"{}") -> AnswerT:
        """Send something new; a command that is still under way is waited for."""
        return self._read(self._settled(self._send("POST", path, body=body)), answer)

    def put(self, path: str, answer: type[AnswerT], body: bytes) -> AnswerT:
        """Set something; a command that is still under way is waited for."""
        return self._read(self._settled(self._send("PUT", path, body=body)), answer)

    def delete(self, path: str, answer: type[AnswerT]) -> AnswerT:
        """Remove something."""
        return self._read(self._send("DELETE", path), answer)

    def for_each(
        self, things: Iterable[ThingT], do: Callable[[ThingT], AnswerT]
    ) -> Iterator[AnswerT]:
        """Do the same for many things, several at a time, answers in their order."""
        with ThreadPoolExecutor(_IN_PARALLEL) as pool:
            yield from pool.map(do, things)

    def _read(self, response: httpx.Response, answer: type[AnswerT]) -> AnswerT:
        try:
            return msgspec.json.decode(response.content or b"null", type=answer)
        except msgspec.DecodeError as error:
            sentence = f"{response.request.url.path} answered something unexpected: {error}"
            detail = ProblemAnswer(response.status_code, "unexpected_answer", sentence)
            raise RefusedError(detail) from error

    def _settled(self, response: httpx.Response) -> httpx.Response:
        location = response.headers.get("Location")
        if response.status_code != httpx.codes.ACCEPTED or location is None:
            return response
        while True:
            state = self.get(location, CommandState)
            if state.status != "pending":
                break
            self._sleep(_ASK_AGAIN_SECONDS)
        status = state.http_status or httpx.codes.OK
        settled = httpx.Response(status, content=bytes(state.answer), request=response.request)
        return _checked(settled)

    def _place_of(self, path: str) -> str:
        return self._places.get(path.split("/", 2)[1], "")

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Query] | None = None,
        body: bytes | None = None,
    ) -> httpx.Response:
        given_up = time.monotonic() + self._patience
        pause = _ASK_AGAIN_SECONDS
        while True:
            passing = time.monotonic() < given_up
            try:
                response = self._client.request(
                    method,
                    self._place_of(path) + path,
                    params={
                        key: value for key, value in (query or {}).items() if value is not None
                    },
                    content=body,
                    headers={"Content-Type": "application/json"} if body is not None else None,
                )
            except httpx.TransportError as error:
                if not passing:
                    place = self._place_of(path) or self.url
                    raise UnreachableError(place, type(error).__name__) from error
            else:
                if response.status_code not in _PASSING or not passing:
                    return _checked(response)
            self._sleep(pause)
            pause = min(2.0, pause * 2)


class PageAnswer(Struct, frozen=True):
    """One page of a list, its members not yet read."""

    items: msgspec.Raw
    next_cursor: str | None = None


def _checked(response: httpx.Response) -> httpx.Response:
    if response.status_code < httpx.codes.BAD_REQUEST:
        return response
    try:
        problem = msgspec.json.decode(response.content, type=ProblemAnswer)
    except msgspec.DecodeError:
        problem = ProblemAnswer(detail=response.text[:200] or response.reason_phrase)
    raise RefusedError(msgspec.structs.replace(problem, status=response.status_code))


def token_of(environment: Mapping[str, str], token_file: Path = TOKEN_FILE) -> str | None:
    """OBLIGOR_TOKEN, else what `obligor up` left in ./data/token."""
    token = environment.get("OBLIGOR_TOKEN")
    if token:
        return token
    try:
        return token_file.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def places_of(written: str) -> dict[str, str]:
    """Where services are: one address for all, or `monitoring=http://…,rating=http://…`."""
    if "=" not in written:
        return {}
    pairs = (part.partition("=") for part in written.split(","))
    return {service.strip(): url.strip().rstrip("/") for service, _, url in pairs}


def connect(environment: Mapping[str, str], *, patience: float = 0.0) -> Remote:
    """The platform that OBLIGOR_URL names."""
    token = token_of(environment)
    written = environment.get("OBLIGOR_URL") or DEFAULT_URL
    places = places_of(written)
    client = httpx.Client(
        base_url=next(iter(places.values()), written),
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=60.0,
        limits=httpx.Limits(max_connections=_IN_PARALLEL),
        trust_env=False,
    )
    return Remote(client, places=places, patience=patience)
