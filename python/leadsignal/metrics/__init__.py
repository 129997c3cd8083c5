"""Every rate and count by any cut: defined once in models/metrics, asked by `Metrics`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadsignal.metrics.asking import Metrics

__all__ = ["Metrics"]


def __getattr__(name: str) -> Any:
    """`Metrics` on first use: whoever only reads definitions need not import the engine."""
    if name == "Metrics":
        from leadsignal.metrics.asking import Metrics

        return Metrics
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
