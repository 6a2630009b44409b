"""What outsiders say: the formulas of E01 to E13, and of L04, L07 and I06 that signals tell too."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import market_opinion, promised_cover, public_records
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.indicator_facts.external import ExternalFacts

FORMULAS: Final[dict[Indicator, Formula[ExternalFacts]]] = {
    **public_records.FORMULAS,
    **market_opinion.FORMULAS,
    **promised_cover.FORMULAS,
}
