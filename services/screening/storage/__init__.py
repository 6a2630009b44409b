"""What screening keeps, and the questions asked of it."""

from services.screening.storage.book import Book, ScreeningRow
from services.screening.storage.questions import (
    CustomerFilter,
    Screening,
    find_customers,
    find_entry,
    last_screening,
)
from services.screening.storage.register import Register
from services.screening.storage.tables import METADATA

__all__ = [
    "METADATA",
    "Book",
    "CustomerFilter",
    "Register",
    "Screening",
    "ScreeningRow",
    "find_customers",
    "find_entry",
    "last_screening",
]
