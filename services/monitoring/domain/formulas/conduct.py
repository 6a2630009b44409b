"""What the customer does beside paying: promises, requests, accounts, answers (of T and B)."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.indicator_facts.conduct import ConductFacts

FORMULAS: Final[dict[Indicator, Formula[ConductFacts]]] = {}
