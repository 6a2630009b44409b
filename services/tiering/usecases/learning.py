"""What tiering learns from others without deciding anything: register, verdict, exposure, totals."""

from datetime import date

from services.tiering.domain.policy import TieringPolicy
from services.tiering.storage.book import Book, KnownExposure, TotalRow
from shared.chassis.work import Work
from shared.contracts.figures import ExposureFigures
from shared.contracts.monitoring import ExposureChanged, MonitoringDayClosed
from shared.contracts.screening import CustomerRegistered, ScreeningVerdict
from shared.kernel.money import Money

COMPLETE = ""


def register_customer(event: CustomerRegistered, book: Book, work: Work[TieringPolicy]) -> None:
    """Open an account, without a tier and without a limit, for a customer that the register knows."""
    del work
    book.account(event.customer_id)


def keep_verdict(event: ScreeningVerdict, book: Book, work: Work[TieringPolicy]) -> None:
    """Keep screening's verdict for the order check."""
    del work
    book.account(event.customer_id).verdict = event.outcome


def replace_exposure(event: ExposureChanged, book: Book, work: Work[TieringPolicy]) -> None:
    """Replace the exposure and end exactly the reservations of the orders that are in it now.

    An order may be absorbed without changing any figure: then the version is the one we know.
    """
    del work
    exposures = tuple(_known(figures) for figures in event.exposures)
    known = book.accounts.get(event.customer_id)
    if known is not None and event.version < known.exposure_version:
        return
    account = book.account(event.customer_id)
    account.exposures = exposures
    account.exposure_version = event.version
    account.oldest_days_past_due = event.oldest_days_past_due
    account.arrears_on = event.as_of
    book.absorbed += [(event.customer_id, order_id) for order_id in event.absorbed_orders]


def _known(figures: ExposureFigures) -> KnownExposure:
    currency = figures.currency
    return KnownExposure(
        currency=currency,
        open_minor=Money.parse(figures.open_amount, currency).minor,
        overdue_minor=Money.parse(figures.overdue_amount, currency).minor,
        open_orders_minor=Money.parse(figures.open_orders, currency).minor,
        unapplied_minor=Money.parse(figures.unapplied_cash, currency).minor,
    )


def keep_totals(event: MonitoringDayClosed, book: Book, work: Work[TieringPolicy]) -> None:
    """Keep this partition's receivables of a closed day, and that the day is complete here."""
    for total in event.receivables:
        amount = Money.parse(total.open_amount, total.currency)
        _keep(book, work, event.date, amount, customers=total.customers)
    book.add_total(TotalRow(event.date, work.partition, COMPLETE, 0, 0))


def _keep(
    book: Book, work: Work[TieringPolicy], day: date, amount: Money, *, customers: int
) -> None:
    book.add_total(TotalRow(day, work.partition, amount.currency, amount.minor, customers))
