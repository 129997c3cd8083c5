"""Small made-up CRMs whose truth is known, for tests of what is said about them.

`worlds` names them: quiet, small, broken_tracking, no_reasons, score_inflation, mix_shift. The
fixture `golden_set(name)` gives one of them as a published set, with its truth.
"""

from .published import GoldenSet, as_marts, publish
from .truth import Funnel, Truth
from .worlds import WORLDS, World

__all__ = ["WORLDS", "Funnel", "GoldenSet", "Truth", "World", "as_marts", "publish"]
