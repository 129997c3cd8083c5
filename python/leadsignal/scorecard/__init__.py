"""The scorecard: every rate of one period with its interval, its change and how far to trust it."""

from leadsignal.scorecard.scoring import scorecard

__all__ = ["scorecard"]
