"""The lines a financial statement may have, by the codes of domain.md §1.4."""

from typing import Final

ASSETS: Final = (
    *("CASH", "STI", "NOTES_R", "AR", "AR_FIN", "PREPAY", "OTH_R", "INV", "CA"),
    *("PPE", "CIP", "INTANG", "GOODWILL", "LT_INV", "DTA", "TA"),
)
LIABILITIES: Final = (
    *("ST_DEBT", "NOTES_P", "AP", "ADV_RCV", "TAX_P", "OTH_P", "CPLTD", "CL"),
    *("LT_DEBT", "BONDS", "LEASE_L", "TL", "PAID_CAP", "RE", "MI", "TE"),
)
INCOME: Final = (*("REV", "COGS", "GP", "SGA", "RND", "DA", "EBIT", "INT_EXP", "PBT", "TAX", "NI"),)
CASH_FLOW: Final = ("CFO", "CAPEX", "CFI", "CFF", "CASH_END")
DEBT: Final = "DEBT"
"""Total financial debt, where a statement reports the sum and not its parts."""

REQUIRED: Final = ("TA", "TL", "TE")
DEBT_NEEDED: Final = ("ST_DEBT", "LT_DEBT")
DEBT_OTHER: Final = ("CPLTD", "BONDS", "LEASE_L")
NOT_TANGIBLE: Final = ("INTANG", "GOODWILL", "DTA")
KNOWN: Final = frozenset((*ASSETS, *LIABILITIES, *INCOME, *CASH_FLOW, DEBT))
