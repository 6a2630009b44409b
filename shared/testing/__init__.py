"""What tests build with: builders, servers of their own, reference data."""

from shared.testing.reference import reference_path

__all__ = ["reference_path"]
