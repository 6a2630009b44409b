"""Stories of customers who are registered, corrected and screened, record by record."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from services.screening.domain.model import FinancialHealth
from services.screening.domain.policy import ScreeningPolicy
from services.screening.storage import Book
from services.screening.usecases import (
    ScreenCustomer,
    close_day,
    keep_arrears,
    register_customer,
    screen_customer,
)
from shared.chassis.work import Work
from shared.contracts.monitoring import ArrearsChanged, OverdueInvoice
from shared.kernel.errors import ObligorError
from shared.kernel.ids import derived_id
from tests.unit.screening.builders import (
    CHINESE_NAME,
    TODAY,
    USCC,
    a_book,
    a_wish,
    next_record,
    some_work,
)

KINDS: Final = ("register", "register", "screen", "arrears", "night")
CUSTOMERS: Final = ("A", "B", "C")
NAMES: Final = ("Acme Ltd", CHINESE_NAME, "Bcme GmbH")
CODES: Final = (None, USCC, "N2330100799655058", "91330100799655058C")


@dataclass(frozen=True)
class Happening:
    """One thing that happens to a customer, or the end of many days when `kind` is `night`."""

    kind: str
    customer_id: str
    number: int


class Story:
    """Plays happenings to screening."""

    def __init__(self) -> None:
        self.book: Book = a_book()
        self.work: Work[ScreeningPolicy] = some_work()
        self.day: date = TODAY
        self._records = 0

    def play(self, what: Happening) -> None:
        self._records += 1
        next_record(self.work, f"record-{self._records}")
        with suppress(ObligorError):
            self._hear(what)

    def _hear(self, what: Happening) -> None:
        match what.kind:
            case "register":
                wish = a_wish(
                    what.customer_id,
                    name=NAMES[what.number % 3],
                    uscc=CODES[what.number % 4],
                    registered_on=self.day - timedelta(days=200 * (what.number % 9)),
                )
                register_customer(wish, self.book, self.work)
            case "screen":
                statement = FinancialHealth(
                    self.day, z_double_prime=what.number / 10, total_equity=Decimal(what.number)
                )
                wanted = ScreenCustomer(customer_id=what.customer_id, financials=statement)
                screen_customer(wanted, self.book, self.work)
            case "arrears":
                keep_arrears(self._arrears(what), self.book, self.work)
            case _:
                self._night(what.number * 20)

    def _arrears(self, what: Happening) -> ArrearsChanged:
        invoice = OverdueInvoice(
            invoice_id="I",
            invoice_date=self.day,
            due_date=self.day - timedelta(days=what.number),
            amount=Decimal(1),
            open_amount=Decimal(1),
            disputed_amount=Decimal(0),
            currency="CNY",
        )
        invoices = (invoice,) if what.number % 3 else ()
        return ArrearsChanged(
            customer_id=what.customer_id, as_of=self.day, invoices=invoices, totals=()
        )

    def _night(self, length: int) -> None:
        """Close a day, and begin another one much later."""
        self.work.closing = self.day
        self.work.announce(close_day(self.day, self.book, self.work))
        self.work.closing, self.work.closed_on = None, self.day
        self.day += timedelta(days=max(1, length))


def a_story(seed: int, length: int = 40) -> list[Happening]:
    """A story that follows from its seed, the same on every machine."""
    return [_happening(int(derived_id("story", seed, index), 16)) for index in range(length)]


def _happening(chance: int) -> Happening:
    return Happening(
        kind=KINDS[chance % 5],
        customer_id=CUSTOMERS[(chance >> 8) % 3],
        number=(chance >> 16) % 41,
    )
