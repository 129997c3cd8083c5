"""Wilson intervals of whole columns at once, without importing scipy."""

import math
from statistics import NormalDist

import numpy
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95

Floats = NDArray[numpy.float64]


def bounds(
    successes: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The Wilson intervals (lows, highs) of proportions, all within 0 and 1; nan where n is 0.

    `successes` and `n` are columns of counts of the same length. Raises ValueError unless
    0 <= successes <= n everywhere.
    """
    k, cases = numpy.asarray(successes, float), numpy.asarray(n, float)
    if not ((k >= 0) & (k <= cases)).all():
        raise ValueError("there are more successes than cases, or fewer than none")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        center = (k + z * z / 2) / (cases + z * z)
        spread = z * numpy.sqrt(k * (cases - k) / cases + z * z / 4) / (cases + z * z)
    low, high = center - spread, center + spread
    # Rounding must not put the ends of 'none' and 'all' beside 0 and 1.
    low[k == 0], high[k == cases] = 0.0, 1.0
    low[cases == 0] = high[cases == 0] = math.nan
    return low, high
