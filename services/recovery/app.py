"""Recovery as a web application."""

from fastapi import FastAPI

from services.recovery.api import router
from services.recovery.handlers import SERVICE
from shared.chassis.app import build_app
from shared.chassis.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Recovery's doors; the worker is attached by whoever starts it."""
    return build_app(SERVICE, router, settings)
