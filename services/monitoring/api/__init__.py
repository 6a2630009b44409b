"""Monitoring's doors: facts in, questions about receivables, warnings and what people say of them."""

from fastapi import APIRouter

from services.monitoring.api import (
    covenants,
    days,
    incoming,
    indicators,
    industries,
    portfolio,
    quality,
    queue,
    rebuilds,
    receivables,
    scorecard,
    simulations,
    verdicts,
    warnings,
)

router = APIRouter()
router.include_router(incoming.router)
router.include_router(days.router)
router.include_router(receivables.router)
router.include_router(quality.router)
router.include_router(covenants.router)
router.include_router(portfolio.router)
router.include_router(industries.router)
router.include_router(rebuilds.router)
router.include_router(simulations.router)
router.include_router(warnings.router)
router.include_router(verdicts.router)
router.include_router(indicators.router)
router.include_router(queue.router)
router.include_router(scorecard.router)
