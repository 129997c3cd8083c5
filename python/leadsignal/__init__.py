"""Measure lead quality, not lead count.

`from leadsignal import Metrics` asks a published set for any number by any cut.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadsignal.metrics import Metrics

__all__ = ["Metrics"]


def __getattr__(name: str) -> Any:
    """`Metrics` on first use: most commands need no metrics engine, and importing it takes time."""
    if name == "Metrics":
        from leadsignal.metrics import Metrics

        return Metrics
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
