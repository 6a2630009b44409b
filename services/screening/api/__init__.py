"""Screening over HTTP."""

from services.screening.api.routes import router
from services.screening.api.shapes import CustomerIn, ScreeningIn

__all__ = ["CustomerIn", "ScreeningIn", "router"]
