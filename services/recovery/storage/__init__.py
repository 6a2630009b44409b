"""What recovery keeps, and the questions asked of it."""

from services.recovery.storage.book import Book, Deed, Remark, Scalar
from services.recovery.storage.cases import Cases
from services.recovery.storage.questions import CaseFilter, find_case, find_cases, find_deeds
from services.recovery.storage.tables import METADATA

__all__ = [
    "METADATA",
    "Book",
    "CaseFilter",
    "Cases",
    "Deed",
    "Remark",
    "Scalar",
    "find_case",
    "find_cases",
    "find_deeds",
]
