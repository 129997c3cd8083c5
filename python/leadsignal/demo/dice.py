"""Pseudo-random numbers that are the same on every machine and in every DuckDB.

`dice(key, 'purpose')` in the demo's SQL is a number in [0, 1) that depends on the key, the
purpose and the seed alone: no order of rows or threads can change it. DuckDB's own `hash` may
differ between releases and `ln` between C libraries, so only integer arithmetic and + - * / occur.
"""

import re
import zlib

from duckdb import DuckDBPyConnection

_DICE = re.compile(r"dice\(([\w.]+), '([^']+)'\)")

_MACROS = """
create or replace macro stir(word, shift, factor) as
    (xor(word, word >> shift) * factor) & 4294967295;
create or replace macro uniform(row_key, stream) as
    stir(
        stir(xor((row_key * 2654435769) & 4294967295, stream), 16, 569420461), 15, 1935289751
    ) / 4294967296.0;
create or replace macro pick(items, u) as items[1 + cast(floor(u * len(items)) as integer)];
create or replace macro whole(u, low, high) as low + cast(floor(u * (high - low + 1)) as bigint);
-- Most are short and a few are long, as waiting times are; the mean is a quarter of the way up.
create or replace macro seconds(u, low, high) as
    cast(floor(low + (high - low) * u * u * u) as bigint);
create or replace macro hours(u, low, high) as seconds(u, low * 3600, high * 3600);
create or replace macro days(u, low, high) as seconds(u, low * 86400, high * 86400);
create or replace macro at_time(second) as make_timestamp(second * 1000000);
create or replace macro on_day(second) as cast(make_timestamp(second * 1000000) as date);
"""


def load(con: DuckDBPyConnection) -> None:
    """Create the macros that the demo's SQL is written with."""
    con.execute(_MACROS)


def throw(sql: str, seed: int) -> str:
    """Return the SQL with every `dice(key, 'purpose')` turned into its own stream of numbers."""

    def stream(match: re.Match[str]) -> str:
        key, purpose = match.groups()
        return f"uniform({key}, {zlib.crc32(f'{seed}:{purpose}'.encode())})"

    return _DICE.sub(stream, sql)
