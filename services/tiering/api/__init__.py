"""Tiering over HTTP: order credit checks, tiers and limits."""

from fastapi import APIRouter

from services.tiering.api import credit_checks, tiers

router = APIRouter()
router.include_router(credit_checks.router)
router.include_router(tiers.router)
