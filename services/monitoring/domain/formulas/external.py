"""What others say: the formulas of E01 to E13."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.indicator_facts.external import ExternalFacts

FORMULAS: Final[dict[Indicator, Formula[ExternalFacts]]] = {}
