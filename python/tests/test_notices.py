"""A poor CRM has many faults, and a person reads few lines."""

from leadsignal import notices


def unmapped(value: str, rows: int, field: str = "lead source", word: str = "unknown") -> str:
    return (
        f'{field} "{value}" is not mapped and counts as {word} (rows: {rows}): add it to '
        f"seeds/definition/{field.replace(' ', '_')}s.csv"
    )


def unanswered(question: str) -> str:
    return f'the CRM can answer "{question}" for 12% of the rows only: load tasks'


def test_values_of_one_field_are_one_line_the_most_frequent_first() -> None:
    notes = [unmapped(f"Source {n}", n) for n in range(1, 8)]
    assert notices.grouped(notes) == [
        "7 values of lead source are not mapped and count as unknown (rows: 28): "
        '"Source 7", "Source 6", "Source 5", "Source 4", "Source 3", ...; '
        "leadsignal doctor says what to add to seeds/definition/lead_sources.csv"
    ]


def test_one_or_two_stand_as_they_are() -> None:
    notes = [unmapped('a "quoted" one', 1), unmapped("b", 2), unanswered("why")]
    assert notices.grouped(notes) == notes


def test_questions_are_one_line_and_kinds_stay_apart() -> None:
    notes = [
        "raw rows that could not be used: 4 (quarantined_rows says why)",
        *(unmapped(str(n), n) for n in range(3)),
        *(unmapped(str(n), n, "lead status", "captured") for n in range(3)),
        *(unanswered(f"question {n}") for n in range(4)),
    ]
    first, sources, statuses, questions = notices.grouped(notes)
    assert first == notes[0]
    assert sources.startswith("3 values of lead source are not mapped and count as unknown")
    assert statuses.startswith("3 values of lead status are not mapped and count as captured")
    assert questions.endswith(
        "question 0 (12%); question 1 (12%); question 2 (12%); question 3 (12%)"
    )


def test_more_than_a_person_reads_are_counted() -> None:
    notes = [f"note {n}" for n in range(40)]
    told = notices.grouped(notes)
    assert told[:-1] == notes[: notices.MOST_NOTES]
    assert told[-1] == "30 more in publication.warnings."
