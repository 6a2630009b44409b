"""What a batch of recovery works on: debtors and their open cases, taken out and put back."""

from dataclasses import dataclass, field
from datetime import date

from services.recovery.domain.model import Case, CaseState, Debtor

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Remark:
    """What was done, by whom, and what they said about it."""

    type: str
    actor: str
    note: str = ""
    decision_id: str | None = None
    details: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a case's history: a remark, and how the case stood after it.

    `ordinal` is the case's version then.
    """

    case_id: str
    customer_id: str
    ordinal: int
    on: date
    remark: Remark
    state: CaseState
    next_action: str | None
    next_action_on: date | None


@dataclass(slots=True)
class Book:
    """The debtors and open cases that a batch may touch, and what changed of them."""

    partition: int
    debtors: dict[str, Debtor] = field(default_factory=dict)
    open_cases: dict[str, Case] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    changed_debtors: set[str] = field(default_factory=set)
    changed_cases: dict[str, Case] = field(default_factory=dict)

    def debtor(self, customer_id: str) -> Debtor:
        """What is known of a customer; nothing yet for a new one."""
        return self.debtors.get(customer_id, Debtor(customer_id))

    def put_debtor(self, debtor: Debtor) -> None:
        """Put a debtor in, new or changed."""
        self.debtors[debtor.customer_id] = debtor
        self.changed_debtors.add(debtor.customer_id)

    def put_case(self, case: Case) -> None:
        """Put a case in: opened, changed or closed."""
        self.changed_cases[case.case_id] = case
        if case.is_open:
            self.open_cases[case.customer_id] = case
        else:
            self.open_cases.pop(case.customer_id, None)

    def note(self, case: Case, remark: Remark, *, on: date) -> None:
        """Put a case in, with a line of its history."""
        plan = case.plan
        self.put_case(case)
        self.deeds.append(
            Deed(
                case_id=case.case_id,
                customer_id=case.customer_id,
                ordinal=case.version,
                on=on,
                remark=remark,
                state=case.state,
                next_action=plan.action if plan else None,
                next_action_on=plan.on if plan else None,
            )
        )

    def due(self, day: date) -> list[Debtor]:
        """The debtors to look at when a day closes, in the order of their ids."""
        return [
            debtor
            for _, debtor in sorted(self.debtors.items())
            if debtor.wake_on is not None and debtor.wake_on <= day
        ]
