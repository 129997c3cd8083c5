"""What each of several changes did to a number, when they are made one after another."""

import math
from collections.abc import Callable, Sequence


def shapley(players: Sequence[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Each player's average contribution over all orders in which the players can come.

    `worth` is the number when just these changes are made. The parts add up to the worth of all
    less the worth of none, and no order is preferred.
    """
    every = [
        frozenset(player for place, player in enumerate(players) if subset >> place & 1)
        for subset in range(2 ** len(players))
    ]
    worths = {subset: worth(subset) for subset in every}
    count = len(players)
    weights = [
        math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
        for size in range(count)
    ]
    return {
        player: math.fsum(
            weights[len(subset)] * (worths[subset | {player}] - worths[subset])
            for subset in every
            if player not in subset
        )
        for player in players
    }
