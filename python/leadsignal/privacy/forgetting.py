"""`leadsignal forget`: a person is erased from all that is stored, and stays out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from leadsignal import build, warehouse
from leadsignal.errors import BuildFailed, UsageError
from leadsignal.privacy import email_hashes, searching
from leadsignal.privacy.erasing import UNLINKED, Erasing
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.stores import HOMES, RawRow, Store, store_of
from leadsignal.privacy.suppression import Suppression
from leadsignal.progress import Silent
from leadsignal.run_record import RunRecord
from leadsignal.settings import Settings

ELSEWHERE = (
    "Not reached: backups, copies that readers made, reports written or sent elsewhere"
    " (docs/privacy.md)."
)


@dataclass(frozen=True)
class Forgotten:
    """What was done about a person, and what is left to do."""

    build_id: str
    ids: tuple[str, ...]
    """Keys of the person's records that were published."""
    removed: dict[str, int]
    """Rows that went from the set published before, by table."""
    searched: int
    """Files and tables that were searched afterwards; nothing was left in them."""
    listed: int
    """Hashes on the list of forgotten persons."""
    place: str
    """Where that list is."""
    raw_rows: tuple[RawRow, ...]
    """Rows of the CRMs' own tables that still are of the person."""
    warnings: tuple[str, ...]

    def text(self) -> str:
        """The proof, as lines."""
        deals = {table: self.removed[table] for table in UNLINKED if table in self.removed}
        others = {table: rows for table, rows in self.removed.items() if table not in deals}
        removed, unlinked = _counted(others), _counted(deals)
        lines = [f"Published build {self.build_id} without the person."]
        lines += [f"Warning: {warning}" for warning in self.warnings]
        lines += [
            f"Records that were published: {', '.join(self.ids) or 'none'}.",
            f"Rows removed, by table: {removed or 'none'}.",
            f"Deals that stay without the person: {unlinked or 'none'}.",
            f"Searched for the address, its hashes and these records: {self.searched} files and"
            " tables of leadsignal; 0 hold any of them.",
            f"Later builds leave the person out: {self.listed} salted hashes in {self.place}.",
        ]
        return "\n".join([*lines, *self._raw_lines(), ELSEWHERE])

    def _raw_lines(self) -> list[str]:
        if not self.raw_rows:
            return ["The CRMs' own tables hold nothing of the person any more."]
        lines = [
            f"NOT erased in the CRMs' own tables, which are not leadsignal's: {len(self.raw_rows)}"
            " rows. Delete the person in the CRM, then export or load these tables again:"
        ]
        for table in dict.fromkeys(row.table for row in self.raw_rows):
            named = [row.row for row in self.raw_rows if row.table == table]
            lines.append(f"  {table}: {', '.join(named)}")
        return lines


def _counted(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{table} {count}" for table, count in sorted(rows.items()))


def forget(
    settings: Settings,
    email: str | None,
    lead_id: str | None,
    *,
    wait_minutes: float = 0,
    progress: Silent,
    record: RunRecord,
) -> Forgotten:
    """Erase the person with this address, or behind this lead, and publish without them.

    The set that takes the place of the published one is of the same moment, unless the settings
    name another. Raises UsageError when nobody is known by that, or the raw tables are not those
    of the published set; BuildLocked, BuildFailed and AuditRefused as `build.run` (then the list
    has the person, and the next build that is published leaves them out); and BuildFailed when
    something still holds the person afterwards.
    """
    asked = needles(email, lead_id)
    with build.opened(
        settings, wait_minutes=wait_minutes, progress=progress, record=record
    ) as held:
        store = store_of(settings, held.home)
        if store is None:
            raise UsageError(
                f"Persons are forgotten on {' and '.join(HOMES)}, not on {settings.home}.",
                "Delete the person in the CRM, build anew, and remove the tables of older builds.",
            )
        progress.step("Looking for the person")
        listed = _put_on_list(settings, store, asked)
        erasing = _Forgetting(settings, store)
        moment = settings.as_of or _published_as_of(settings)
        of_moment = replace(held, settings=replace(settings, as_of=moment))
        built = build.publish_new(of_moment, erasing)
        listed = listed.added(store.tied(), datetime.now(UTC).date())
        store.suppress(listed)
        progress.step("Clearing the work places")
        store.clear()
        progress.step("Searching all that is stored")
        ids = tuple(sorted({*asked.ids, *erasing.ids}))
        wanted = replace(
            asked,
            ids=ids,
            shared=searching.shared(settings.published, ids),
            hashes=_hashes(settings, listed, asked.address),
        )
        return Forgotten(
            build_id=built.build_id,
            ids=tuple(sorted(erasing.ids)),
            removed=erasing.removed,
            searched=_searched(store, wanted, built.build_id),
            listed=len(listed.days),
            place=store.place,
            raw_rows=tuple(store.raw_rows(wanted, listed)),
            warnings=built.warnings,
        )


def needles(email: str | None, lead_id: str | None) -> Needles:
    """What is asked for. Raises UsageError unless it is one address, or one key of a lead."""
    if (email is None) == (lead_id is None):
        raise UsageError("Who is to be forgotten?", "Give an e-mail address, or --lead LEAD_ID.")
    if lead_id is not None:
        crm, _, plain = lead_id.strip().partition(":")
        if not crm or not plain:
            raise UsageError(
                f"'{lead_id}' is no lead.", "Write it as in fct_leads, such as salesforce:00Q5e01."
            )
        return Needles(ids=(f"{crm}:{plain}",))
    address = (email or "").strip().lower()
    if "@" not in address.strip("@") or any(letter.isspace() for letter in address):
        raise UsageError("That is no e-mail address.", "Write it like somebody@company.example.")
    return Needles(address=address)


class _Forgetting(Erasing):
    """The care of a build that must be of the same CRMs as the set it replaces."""

    def remembered(self, previous: Path | None, marts: Path) -> Path | None:
        """The same; raises UsageError when none of the leads that stay is in the new set."""
        kept = super().remembered(previous, marts)
        if previous and previous.is_file() and not _share_leads(previous, marts, self.ids):
            raise UsageError(
                f"No lead of the published set {previous} is in the raw tables that were read.",
                "Give the --raw that the set was built from. Nothing was published; the list of"
                " forgotten persons has the person already.",
            )
        return kept


def _share_leads(previous: Path, marts: Path, gone: Iterable[str]) -> bool:
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(marts)} as {warehouse.CATALOG} (read_only)")
        con.execute(warehouse.attach_previous(previous))
        before, now = f"{warehouse.PREVIOUS}.{warehouse.SCHEMA}", warehouse.CATALOG
        stay = f"select lead_id from {before}.fct_leads where not list_contains(?, lead_id)"
        shared = f"lead_id in (select lead_id from {now}.{warehouse.SCHEMA}.fct_leads)"
        some = con.execute(f"{stay} limit 1", [list(gone)]).fetchone()
        return not some or bool(
            con.execute(f"{stay} and {shared} limit 1", [list(gone)]).fetchone()
        )


def _put_on_list(settings: Settings, store: Store, asked: Needles) -> Suppression:
    """The list with the person. Raises UsageError when nothing stored or read is of them."""
    before = store.suppression() or Suppression()
    told = {before.hash(one) for one in _told(settings, asked)}
    listed = before.added(told, datetime.now(UTC).date())
    is_known = told <= before.days.keys() or store.raw_rows(asked, listed) or store.found(asked)[1]
    if not is_known:
        who = f"the lead {asked.ids[0]}" if asked.ids else "this address"
        raise UsageError(
            f"Nothing is known of {who}: it is in no raw table and in nothing that is stored."
            " Nothing was changed.",
            "See whether it is spelt right; where the CRM has deleted the person already, give the"
            " lead instead (--lead).",
        )
    store.suppress(listed)
    return listed


def _searched(store: Store, wanted: Needles, build_id: str) -> int:
    """How much was searched. Raises BuildFailed when something still holds the person."""
    searched, left = store.found(wanted)
    if left:
        raise BuildFailed(
            f"Build {build_id} is published without the person, who is still in:"
            f" {', '.join(left)}.",
            "Remove what is yours there, and run the command again.",
        )
    return searched


def _told(settings: Settings, asked: Needles) -> set[str]:
    """What stands for the person on the list; the models compare the same (email_key.sql)."""
    if not asked.address:
        return {f"id:{one}" for one in asked.ids}
    name, _, domain = asked.address.rpartition("@")
    plain = f"{name.partition('+')[0]}@{domain}"
    is_merged = settings.variables.get("merge_plus_addresses") is True
    return {f"address:{asked.address}"} | ({f"address:{plain}"} if is_merged else set())


def _hashes(settings: Settings, suppression: Suppression, address: str) -> tuple[str, ...]:
    """The hashes of the address that nothing but the list may hold."""
    if not address:
        return ()
    key = email_hashes.salt(settings)
    published = (email_hashes.hashed(address, key),) if key else ()
    return (suppression.hash(f"address:{address}"), *published)


def _published_as_of(settings: Settings) -> str:
    """The moment that the published file speaks for; empty when there is none."""
    if not settings.published.is_file():
        return ""
    con = warehouse.open_published(settings.published)
    try:
        row = con.execute("select cast(as_of as varchar) from publication").fetchone()
    finally:
        con.close()
    return str(row[0]) if row else ""
