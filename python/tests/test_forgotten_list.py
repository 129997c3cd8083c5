from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from leadsignal.errors import UsageError
from leadsignal.privacy import suppression
from leadsignal.privacy.suppression import Suppression

ADDRESS = "address:ada@loom.example"
TODAY = date(2026, 11, 1)


def one_listed() -> Suppression:
    empty = Suppression()
    return empty.added([empty.hash(ADDRESS)], TODAY)


def test_list_comes_back_as_it_was_written(tmp_path: Path) -> None:
    listed = one_listed()
    suppression.write(listed, tmp_path / "forgotten.csv")
    found = suppression.read(tmp_path / "forgotten.csv")
    assert found == listed
    assert found
    assert found.hash(ADDRESS) in found.days
    assert [file.name for file in tmp_path.iterdir()] == ["forgotten.csv"]


def test_hash_is_what_the_models_compare_with() -> None:
    listed = Suppression(salt="ab" * 32)
    assert listed.hash(ADDRESS) == sha256(("ab" * 32 + ADDRESS).encode()).hexdigest()


def test_nobody_else_may_read_the_list_and_it_has_no_address(tmp_path: Path) -> None:
    file = tmp_path / "forgotten.csv"
    suppression.write(one_listed(), file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "loom" not in file.read_text()
    file.chmod(0o644)
    suppression.read(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_salt_is_drawn_and_not_shown() -> None:
    first, second = Suppression(), Suppression()
    assert len({first.salt, second.salt}) == 2
    assert len(first.salt) == 64
    assert first.salt not in repr(first)


def test_who_is_listed_keeps_the_day_and_the_salt() -> None:
    listed = one_listed()
    later = listed.added([*listed.days, listed.hash("id:salesforce:1")], date(2027, 1, 5))
    assert later.salt == listed.salt
    assert sorted(later.days.values()) == ["2026-11-01", "2027-01-05"]


def test_no_list_is_none(tmp_path: Path) -> None:
    assert suppression.read(tmp_path / "forgotten.csv") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "person_hash,salt\n",
        "person_hash,salt,forgotten_on\nada@loom.example,{salt},2026-11-01\n",
        "person_hash,salt,forgotten_on\n{hash},short,2026-11-01\n",
        "person_hash,salt,forgotten_on\n{hash},{salt},2026-11-01\n{hash},{hash},2026-11-01\n",
        "\x00\xff",
    ],
    ids=["empty", "columns", "address", "salt", "two salts", "bytes"],
)
def test_broken_list_stops_a_build_and_shows_nothing_of_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "forgotten.csv"
    filled = content.format(salt="5a" * 32, hash="7b" * 32) if "{" in content else content
    file.write_bytes(filled.encode("latin-1"))
    with pytest.raises(UsageError) as raised:
        suppression.read(file)
    said = str(raised.value)
    assert str(file) in said
    assert not any(secret in said for secret in ("loom", "5a5a", "7b7b", "short"))
