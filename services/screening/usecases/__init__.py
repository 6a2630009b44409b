"""What screening does, one function per verb."""

from services.screening.usecases.answers import Json, customer_answer, screening_answer
from services.screening.usecases.commands import RegisterCustomer, ScreenCustomer
from services.screening.usecases.verbs import (
    SCREENING,
    close_day,
    keep_arrears,
    register_customer,
    screen_customer,
)

__all__ = [
    "SCREENING",
    "Json",
    "RegisterCustomer",
    "ScreenCustomer",
    "close_day",
    "customer_answer",
    "keep_arrears",
    "register_customer",
    "screen_customer",
    "screening_answer",
]
