"""Tasks and meetings. After a conversion the CRM moves a lead's activities to the contact."""

from leadsignal.demo.leads import OWNER, key
from leadsignal.demo.market import CUTOFF

_WHO = f"case when converted is null then {key('00Q', 'n')} else {key('003', 'n * 4')} end"
_DEAL_OWNER = key("005", "greatest(1, owner_no)")
_NOTHING = "cast(null as varchar)"


def task() -> str:
    """SELECT of the task table."""
    kinds = [_attempts(), _connected(), _automatic(), _inbound(), _planned(), _deal()]
    return " union all ".join(kinds)


def _task(number: str, source: str, **values: str) -> str:
    columns = {
        "who": _WHO,
        "what": _NOTHING,
        "owner": OWNER,
        "status": "'Completed'",
        "kind": "'Call'",
        "direction": _NOTHING,
        "disposition": _NOTHING,
        "due": "on_day(second)",
        "done": "at_time(second)",
        **values,
    }
    return f"""
select
    {key("00T", number)} as id,
    {columns["who"]} as who_id,
    {columns["what"]} as what_id,
    {columns["owner"]} as owner_id,
    {columns["subject"]} as subject,
    {columns["status"]} as status,
    {columns["status"]} = 'Completed' as is_closed,
    {columns["kind"]} as type,
    {columns["kind"]} as task_subtype,
    {columns["direction"]} as call_type,
    {columns["disposition"]} as call_disposition,
    at_time(second) as created_date,
    {columns["due"]} as activity_date,
    {columns["done"]} as completed_date_time,
    false as is_deleted
from ({source})
"""


def _attempts() -> str:
    is_call = "(n + attempt) % 2 = 0"
    return _task(
        "n * 20 + attempt",
        """select *, working + attempt * gap as second
        from (select *, unnest(range(touches)) as attempt from journeys where touches > 0)""",
        subject=f"if({is_call}, 'Call', pick(email_subjects(), dice(n, 'subject')))",
        kind=f"if({is_call}, 'Call', 'Email')",
        direction=f"if({is_call}, 'Outbound', null)",
        disposition=f"case when {is_call} then if(n % 3 = 0, 'Left voicemail', 'No answer') end",
    )


def _connected() -> str:
    return _task(
        "n * 20 + 15",
        "select *, talked as second from journeys where talked is not null and n % 5 < 2",
        subject="'Call'",
        direction="'Outbound'",
        disposition="'Connected'",
    )


def _automatic() -> str:
    return _task(
        "n * 20 + 16",
        f"""select *, created + 90000 as second from journeys
        where dice(n, 'automatic') < 0.08 and created + 90000 <= {CUTOFF}""",
        subject="'Pardot List Email: monthly letter'",
        kind="'Email'",
    )


def _inbound() -> str:
    return _task(
        "n * 20 + 17",
        "select *, talked - 3600 as second from journeys where talked is not null and n % 25 = 1",
        subject="'Inbound call'",
        direction="'Inbound'",
        disposition="'Connected'",
    )


def _planned() -> str:
    """Tasks that are still open; half of them are overdue by the end of the demo."""
    return _task(
        "n * 20 + 18",
        f"""select *, working + (touches - 1) * gap + 60 as second from journeys
        where touches > 0 and modified > {CUTOFF - 40 * 86400} and converted is null
            and rejected is null and disqualified is null and dice(n, 'planned') < 0.4""",
        subject="'Follow up'",
        status="'Not Started'",
        due=f"on_day(least({CUTOFF + 15 * 86400}, second + days(dice(n, 'due'), 2, 90)))",
        done="cast(null as timestamp)",
    )


def _deal() -> str:
    """One task a week or so along the way of a deal, fewer on those that sales forgot."""
    return _task(
        "3000000000 + n * 20 + step",
        f"""select *, opened + 43200 + step * 604800 + (n * 7919 + step * 3571) % 90000 as second
        from (select *, unnest(range(12)) as step from deals)
        where second <= least({CUTOFF}, closed) and dice(n, 'diligent') > step / 14.0""",
        who=f"case when step % 2 = 0 and deal_link = 'lead' then {key('003', 'n * 4')} end",
        what=key("006", "n"),
        owner=_DEAL_OWNER,
        subject="if(step % 2 = 0, 'Call', 'Email: next steps')",
        kind="if(step % 2 = 0, 'Call', 'Email')",
    )


def event() -> str:
    """SELECT of the event table: first meetings, meetings still to come, meetings on deals."""
    first = _event(
        "n * 4",
        "select *, talked as second, greatest(working, talked - 86400) as booked from journeys "
        "where talked is not null and n % 5 >= 2",
        who=_WHO,
        what=_NOTHING,
        owner=OWNER,
        subject="'First meeting'",
    )
    coming = _event(
        "n * 4 + 1",
        f"""select *, {CUTOFF} + 36000 + n % 9 * 86400 as second, modified as booked from journeys
        where accepted > {CUTOFF - 30 * 86400} and converted is null and disqualified is null
            and dice(n, 'meets again') < 0.5""",
        who=_WHO,
        what=_NOTHING,
        owner=OWNER,
        subject="'Second meeting'",
    )
    on_deal = _event(
        "500000000 + n * 4",
        """select *, discovered + 7200 as second, discovered - 3600 as booked from deals
        where discovered is not null""",
        who=_NOTHING,
        what=key("006", "n"),
        owner=_DEAL_OWNER,
        subject="'Discovery workshop'",
    )
    return f"{first} union all {coming} union all {on_deal}"


def _event(number: str, source: str, who: str, what: str, owner: str, subject: str) -> str:
    return f"""
select
    {key("00U", number)} as id,
    {who} as who_id,
    {what} as what_id,
    {owner} as owner_id,
    {subject} as subject,
    at_time(second) as start_date_time,
    at_time(second) as activity_date_time,
    on_day(second) as activity_date,
    at_time(booked) as created_date,
    false as is_child,
    false as is_deleted
from ({source})
"""
