"""As a day closes: is the customer in default, and who is told."""

from datetime import date

from services.monitoring.domain.figures.default_flag import (
    DefaultDecision,
    DefaultFacts,
    Proceeding,
    decide_default_flag,
    default_facts,
    probation_ends_on,
    with_losses,
)
from services.monitoring.domain.formulas.public_records import FAILURES
from services.monitoring.domain.indicator_facts.external import Source
from services.monitoring.domain.outside.external_standing import external_facts
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.policies.ledger import DefaultPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.standing import Standing, note_forbearance
from services.monitoring.storage.book import Customer
from services.monitoring.usecases.figures import View, customer_figures
from services.monitoring.usecases.observing import MonitoringWork
from shared.contracts.monitoring import CustomerCured, DefaultFlagged
from shared.decisions.kinds import DecisionKind
from shared.kernel.values import replace

DEFAULT_FLAG: DecisionKind[DefaultFacts, MonitoringPolicy, DefaultDecision] = DecisionKind(
    name="default_flag",
    decide=decide_default_flag,
    facts=DefaultFacts,
    decision=DefaultDecision,
    model_version="default-flag-1",
)


def decide_default(customer: Customer, view: View, work: MonitoringWork) -> DefaultDecision | None:
    """Decide the default flag; stored only where it changes something. None if it did not."""
    standing = customer.standing
    note_forbearance(standing, view.ageings)
    facts = _facts(customer, view, work.policy)
    decision = decide_default_flag(facts, work.policy, as_of=view.as_of)
    standing.clear_since = decision.clear_since
    if decision.in_default == (standing.defaulted_on is not None):
        return None
    work.decide(DEFAULT_FLAG, facts, customer_id=customer.customer_id)
    standing.defaulted_on = decision.defaulted_on
    return decision


def _facts(customer: Customer, view: View, policy: MonitoringPolicy) -> DefaultFacts:
    standing = customer.standing
    facts = default_facts(
        view.ageings,
        view.exposures,
        policy.ledger.default,
        defaulted_on=standing.defaulted_on,
        clear_since=standing.clear_since,
    )
    facts = replace(
        facts,
        proceedings=open_proceedings(customer.profile, as_of=view.as_of),
        forborne_on=standing.forborne_on,
        grace_ends_on=standing.grace_ends_on,
    )
    return with_losses(facts, view.account.written_off.values())


def open_proceedings(profile: Profile | None, *, as_of: date) -> tuple[Proceeding, ...]:
    """The open proceedings that are a default by themselves: what E08 is raised on."""
    if profile is None or not profile.external.signs:
        return ()
    told = external_facts(profile.external, as_of=as_of)
    return tuple(
        Proceeding(kind=each.kind, document=each.document, on=each.on)
        for each in told.of(Source.COURT, *FAILURES)
    )


def say_default(
    customer: Customer, view: View, work: MonitoringWork, decision: DefaultDecision | None
) -> None:
    """Say that a default has begun or is over, with the figures of the close."""
    if decision is None:
        return
    figures = customer_figures(customer, view, work.policy)
    customer_id = customer.customer_id
    if decision.in_default:
        flagged = DefaultFlagged(
            customer_id=customer_id,
            as_of=view.as_of,
            cause=decision.reasons[0].code,
            days_past_due=decision.days_past_due,
            figures=figures,
        )
        work.announce(flagged, customer_id=customer_id)
    else:
        cured = CustomerCured(customer_id=customer_id, as_of=view.as_of, figures=figures)
        work.announce(cured, customer_id=customer_id)


def cure_due_on(standing: Standing, rules: DefaultPolicy) -> date | None:
    """The day from which a default may be cured; None while a trigger holds, or without one."""
    if standing.clear_since is None:
        return None
    return probation_ends_on(
        standing.clear_since,
        rules,
        defaulted_on=standing.defaulted_on,
        forborne_on=standing.forborne_on,
        grace_ends_on=standing.grace_ends_on,
    )
