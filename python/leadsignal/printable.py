"""Text that people typed, made fit for a terminal: it can move no cursor and hide nothing.

Control characters would be orders to the terminal, and marks of direction can make a line read as
another one; both are shown as U+FFFD. Line feeds and tabs stay.
"""

CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
"""C0, delete and C1."""
DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
SEPARATORS = (0x2028, 0x2029)
NO_CHARACTERS = (0xFFFE, 0xFFFF)
"""No XML may have them, so no chart."""
_SHOWN = dict.fromkeys((*CONTROLS, *DIRECTIONS, *SEPARATORS, *NO_CHARACTERS), "\ufffd")
_IN_LINES = {code: text for code, text in _SHOWN.items() if code not in (ord("\n"), ord("\t"))}


def printable(text: str) -> str:
    """The text with every character that a terminal would obey replaced."""
    return text.translate(_IN_LINES)


def on_one_line(text: str) -> str:
    """The same on one line, white space as single blanks."""
    return printable(" ".join(text.split()))
