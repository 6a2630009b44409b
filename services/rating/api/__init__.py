"""Rating's doors: questions about grades, facts in, and people's wishes."""

from fastapi import APIRouter

from services.rating.api import filings, overrides, ratings

router = APIRouter()
router.include_router(ratings.router, tags=["ratings"])
router.include_router(filings.router, tags=["filings"])
router.include_router(overrides.router, tags=["overrides"])
