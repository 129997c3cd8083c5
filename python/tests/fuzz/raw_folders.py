"""Raw files as they should not be: made of odd cells, then cut, doubled, re-encoded or renamed."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass

from hypothesis import strategies as st
from oracle.raw_generic import TABLES

from . import odd

POOLS = {"time": odd.dates, "number": odd.numbers, "flag": odd.flags, "key": odd.ids}
BOOKKEEPING = ("last_modified_date", "is_deleted", "_fivetran_active", "_fivetran_synced")
KINDS = {
    **dict.fromkeys(BOOKKEEPING, "flag"),
    "last_modified_date": "time",
    "_fivetran_synced": "time",
}
USUAL = {"time": "2026-01-05 09:00:00", "number": "12", "flag": "true", "key": "1"}


@dataclass(frozen=True)
class RawFile:
    """One file: its name and its bytes."""

    name: str
    content: bytes


def spelt(name: str) -> st.SearchStrategy[str]:
    """A column in one of the spellings that are its own."""
    return st.sampled_from(
        (name, name.upper(), name.title().replace("_", ""), name.replace("_", " "), f"{name} ")
    )


@st.composite
def headers(draw: st.DrawFn, table: str) -> tuple[list[str], list[str]]:
    """Columns as they are spelled, and the kind of each; now and then one too few or too many."""
    spec = TABLES[table].columns
    must = draw(st.sampled_from((("lead_id", "created_at"), ("lead_id",), ("created_at",), ())))
    optional = [name for name in (*spec, *BOOKKEEPING) if name not in must]
    names = [*must, *draw(st.lists(st.sampled_from(optional), unique=True, max_size=7))]
    kinds = [spec.get(name) or KINDS[name] for name in names]
    written = [draw(spelt(name)) for name in names]
    for other in draw(
        st.lists(st.sampled_from(("", "Note", "lead_id", "STATUS", "Ünï")), max_size=2)
    ):
        written.append(other)
        kinds.append("text")
    return written, kinds


@st.composite
def tables(draw: st.DrawFn, table: str = "leads") -> str:
    """A table as CSV, every cell odd or usual."""
    header, kinds = draw(headers(table))
    rows = draw(
        st.lists(
            st.tuples(
                *(POOLS.get(kind, odd.texts) | st.just(USUAL.get(kind, "x")) for kind in kinds)
            ),
            max_size=8,
        )
    )
    text = io.StringIO()
    quoting = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    ending = draw(st.sampled_from(("\n", "\r\n")))
    csv.writer(text, lineterminator=ending, quoting=quoting).writerows([header, *rows])
    return text.getvalue()


def _cut(content: bytes, place: int) -> bytes:
    return content[: place % (len(content) + 1)]


def _put(content: bytes, place: int, piece: bytes) -> bytes:
    at = place % (len(content) + 1)
    return content[:at] + piece + content[at:]


PIECES = (
    b'"',
    b",",
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"\xe9",
    b"\xef\xbb\xbf",
    b"\n\n",
)


@st.composite
def files(draw: st.DrawFn, name: str = "leads") -> RawFile:
    """One raw file, whole or broken."""
    text = draw(tables(name))
    content = draw(st.sampled_from(("", "\ufeff"))).encode() + text.encode()
    place = draw(st.integers(0, 1 << 16))
    broken = draw(
        st.sampled_from(
            ("whole",) * 6 + ("cut", "put", "utf-16", "latin-1", "none", "semicolons", "doubled")
        )
    )
    if broken == "cut":
        content = _cut(content, place)
    elif broken == "put":
        content = _put(content, place, draw(st.sampled_from(PIECES)))
    elif broken == "utf-16":
        content = text.encode("utf-16")
    elif broken == "latin-1":
        content = text.encode("latin-1", errors="replace")
    elif broken == "none":
        content = b""
    elif broken == "semicolons":
        content = content.replace(b",", b";")
    elif broken == "doubled":
        content += content
    ending = draw(st.sampled_from((".csv",) * 5 + (".csv.gz", ".CSV")))
    if ending == ".csv.gz":
        content = gzip.compress(content)
        if draw(st.booleans()):
            content = draw(st.sampled_from((_cut(content, place), content[2:], b"", b"no gzip")))
    spelling = draw(st.sampled_from((name, name.title())))
    return RawFile(spelling + ending, content)
