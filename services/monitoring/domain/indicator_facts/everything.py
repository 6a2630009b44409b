"""Everything that the indicators of one customer are measured on."""

from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.indicator_facts.conduct import ConductFacts
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts
from services.monitoring.domain.indicator_facts.external import ExternalFacts
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.indicator_facts.groups import GroupFacts
from services.monitoring.domain.indicator_facts.industry import IndustryFacts
from services.monitoring.domain.indicator_facts.receivables import ConcentrationFacts, CurrencyFacts
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFacts:
    """Everything the indicators of one customer need, as of the end of a day.

    A part that is None was not looked at on this occasion (a payment changes no statement): its
    indicators, and their warnings, stay as they are. `data_quality`, 0 to 1, is how far the ledger can
    be relied on.
    """

    as_of: date
    currencies: tuple[CurrencyFacts, ...] = ()
    detectors: DetectorFacts = field(default_factory=DetectorFacts)
    conduct: ConductFacts | None = None
    financials: FinancialFacts | None = None
    external: ExternalFacts | None = None
    industry: IndustryFacts | None = None
    groups: GroupFacts | None = None
    data_quality: float = 1.0
    concentration: tuple[ConcentrationFacts, ...] | None = None
