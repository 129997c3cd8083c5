"""The currencies that amounts can be in: ISO codes of what was legal tender since 2000."""

from functools import cache

from babel.core import get_global

_SINCE = 2000


@cache
def codes() -> frozenset[str]:
    """Every code, three capitals each."""
    return frozenset(
        code
        for used in get_global("territory_currencies").values()
        for code, _, end, is_tender in used
        if is_tender and (end is None or end[0] >= _SINCE)
    )


def is_known(code: str) -> bool:
    """Whether it is the code of a currency, as it is spelled."""
    return code in codes()
