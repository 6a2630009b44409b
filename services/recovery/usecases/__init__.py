"""What recovery does, one function per verb."""

from services.recovery.usecases.acting import AddAction, add_action
from services.recovery.usecases.answers import Json, case_answer, deed_answer
from services.recovery.usecases.deciding import CASE, DUNNING
from services.recovery.usecases.verbs import (
    close_day,
    keep_arrears,
    keep_cure,
    keep_default,
    take_tier,
)

__all__ = [
    "CASE",
    "DUNNING",
    "AddAction",
    "Json",
    "add_action",
    "case_answer",
    "close_day",
    "deed_answer",
    "keep_arrears",
    "keep_cure",
    "keep_default",
    "take_tier",
]
