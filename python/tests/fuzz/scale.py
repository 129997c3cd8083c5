"""How many inputs a fuzz test makes: a few in every run, all of them in `make fuzz`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

MANY = bool(os.environ.get("LEADSIGNAL_FUZZ"))


def inputs(few: int, *, of: int) -> Callable[[Any], Any]:
    """Settings of a test that makes `few` fixed inputs, and `of` random ones in `make fuzz`."""
    return settings(
        max_examples=of if MANY else few,
        derandomize=not MANY,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.explicit, Phase.generate],  # to shrink takes long, and an input is small
        suppress_health_check=[*HealthCheck],
    )
