"""What the statements say: the formulas of F01 to F15."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.indicator_facts.financials import FinancialFacts

FORMULAS: Final[dict[Indicator, Formula[FinancialFacts]]] = {}
