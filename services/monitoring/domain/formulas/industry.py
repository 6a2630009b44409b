"""What happens around the customer: the formulas of I01 to I06."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.indicator_facts.industry import IndustryFacts

FORMULAS: Final[dict[Indicator, Formula[IndustryFacts]]] = {}
