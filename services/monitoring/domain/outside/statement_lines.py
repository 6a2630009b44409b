"""The lines of a financial statement by their codes (domain.md §1.4), and which of them are kept."""

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

KNOWN: Final = frozenset((*ASSETS, *LIABILITIES, *INCOME, *CASH_FLOW, DEBT))
REQUIRED: Final = ("TA", "TL", "TE")
DEBT_NEEDED: Final = ("ST_DEBT", "LT_DEBT")
DEBT_OTHER: Final = ("CPLTD", "BONDS", "LEASE_L")
NOT_TANGIBLE: Final = ("INTANG", "GOODWILL", "DTA")
PART_OF: Final = {
    **dict.fromkeys(("CASH", "STI", "AR", "INV"), "CA"),
    **dict.fromkeys(("CA", "OTH_R", *NOT_TANGIBLE), "TA"),
    **dict.fromkeys(("ST_DEBT", "CPLTD", "AP"), "CL"),
    **dict.fromkeys(("CL", "LT_DEBT", "BONDS", "LEASE_L", DEBT), "TL"),
}
"""Of which line each of the kept lines is a part, and so cannot exceed it."""

FLOWS: Final = frozenset(("REV", "COGS", "GP", "DA", "EBIT", "INT_EXP", "CFO"))
"""The kept lines that grow with the length of the period."""

KEPT: Final = FLOWS | frozenset(
    (
        *("CASH", "STI", "AR", "OTH_R", "INV", "CA", *NOT_TANGIBLE, "TA"),
        *("AP", "CL", "TL", "RE", "TE", DEBT, *DEBT_NEEDED, *DEBT_OTHER),
    )
)
"""What the indicators need of a statement; the rest is rating's."""
