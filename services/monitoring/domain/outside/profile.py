"""What the outside says of a customer: statements, signals, its sector. Read when it may change something.

A transaction touches none of it, so the hot path neither loads nor writes it.
"""

from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.outside.covenants import covenant_days
from services.monitoring.domain.outside.external_standing import ExternalStanding, external_wakes_on
from services.monitoring.domain.outside.financial_standing import FinancialStanding, statement_days
from services.monitoring.domain.outside.group_standing import GroupStanding
from services.monitoring.domain.outside.industry_standing import IndustryStanding
from services.monitoring.domain.policies.warnings import WarningPolicy


@dataclass(slots=True, kw_only=True)
class Profile:
    """One customer's profile; changes in place."""

    financials: FinancialStanding = field(default_factory=FinancialStanding)
    external: ExternalStanding = field(default_factory=ExternalStanding)
    industry: IndustryStanding = field(default_factory=IndustryStanding)
    group: GroupStanding = field(default_factory=GroupStanding)


def profile_wakes_on(profile: Profile, policy: WarningPolicy, *, day: date) -> date | None:
    """The day, `day` or later, whose close the profile needs; None if only news can change it."""
    days = list(statement_days(profile.financials, policy, day=day))
    days += covenant_days(profile.financials, profile.external, policy, day=day)
    told = external_wakes_on(profile.external, policy, day=day)
    return min([*days, *([] if told is None else [told])], default=None)
