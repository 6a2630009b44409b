"""Rating as a web application."""

from fastapi import FastAPI

from services.rating.api import router
from services.rating.handlers import SERVICE
from shared.chassis.app import build_app
from shared.chassis.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Rating's routes, ready to be served; the worker is attached by whoever runs it."""
    return build_app(SERVICE, router, settings)
