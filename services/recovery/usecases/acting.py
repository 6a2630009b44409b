"""What people do in a case, carried out by the worker of its customer."""

from dataclasses import replace
from datetime import date

from msgspec import Struct, field

from services.recovery.domain.acting import Action, ActionType, CaseNotOpenError, act
from services.recovery.domain.model import Case, Debtor
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.storage import Book, Remark, Scalar
from services.recovery.usecases.answers import case_answer
from services.recovery.usecases.deciding import announce_closed
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work


class AddAction(Struct, frozen=True, kw_only=True):
    """Record what was done in a case, and what is to happen next."""

    customer_id: str
    case_id: str
    type: ActionType
    note: str = ""
    next_action: str | None = None
    next_action_on: date | None = None
    promised_on: date | None = None
    waiver: bool = False
    details: dict[str, Scalar] = field(default_factory=dict)

    @property
    def action(self) -> Action:
        """What the domain makes of it."""
        return Action(
            type=self.type,
            note=self.note,
            next_action=self.next_action,
            next_action_on=self.next_action_on,
            promised_on=self.promised_on,
            waiver=self.waiver,
        )


def add_action(wish: AddAction, book: Book, work: Work[RecoveryPolicy]) -> CommandAnswer:
    """Act in the open case; refuse in any other."""
    case = book.open_cases.get(wish.customer_id)
    if case is None or case.case_id != wish.case_id:
        raise CaseNotOpenError(wish.case_id)
    debtor = book.debtor(wish.customer_id)
    day = work.business_day
    acted = act(case, wish.action, work.policy, claims=debtor.claims, as_of=day)
    remark = Remark(wish.type.value, work.actor or "", note=wish.note, details=wish.details)
    book.note(acted, remark, on=day)
    if not acted.is_open:
        announce_closed(acted, work)
    book.put_debtor(_woken(debtor, acted, day))
    return CommandAnswer(201, case_answer(acted))


def _woken(debtor: Debtor, case: Case, day: date) -> Debtor:
    """Look again on the day of the new plan; of a closed case, at this day's close."""
    if case.plan is None:
        listed = debtor.arrears.invoices if debtor.arrears else ()
        waived = tuple(sorted({*debtor.waived, *(each.invoice_id for each in listed)}))
        return replace(debtor, waived=waived, wake_on=day)
    return replace(debtor, wake_on=min(debtor.wake_on or case.plan.on, case.plan.on))
