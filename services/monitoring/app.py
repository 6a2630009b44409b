"""Monitoring as a web application."""

from fastapi import FastAPI

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE
from shared.chassis.app import build_app
from shared.chassis.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Monitoring's routes, ready to be served; the worker is attached by whoever runs it."""
    return build_app(SERVICE, router, settings)
