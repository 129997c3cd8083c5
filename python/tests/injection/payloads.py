"""Texts that would be more than text if anything took them for SQL, Jinja, HTML, Markdown, ..."""

from __future__ import annotations

SQL = (
    "'; drop table fct_leads; --",
    "' or 1 = 1 --",
    "' union select 'PWNED', 1 --",
    "x' /* y",
    'x" or "1" = "1',
    "$$; create table pwned as select 1; $$",
    "\\'; create table pwned as select 1; --",
    "\\",
    "';copy (select 1) to 'pwned.csv'; --",
    "$p0_0",
    "?",
    "%s %(x)s {0} {x}",
)
JINJA = (
    "{{ 7 * 7 }}",
    "{{ env_var('HOME') }}",
    "{% do exceptions.raise_compiler_error('PWNED') %}",
    "{# gone #}",
    "{{ Dimension('lead__source') }}",
)
MARKUP = (
    "<script>document.title = 'PWNED'</script>",
    "<img src=x onerror=\"document.title = 'PWNED'\">",
    "</style><b>PWNED</b>",
    '" onmouseover="alert(1)" x="',
    "<svg/onload=alert(1)>",
    "&lt;b&gt;",
)
MARKDOWN = (
    "[click](https://evil.example)",
    "![](https://evil.example/x.png)",
    "| a | b |",
    "# Heading",
    "`code` **bold** _it_ ~~no~~",
    "<https://evil.example>",
    "- item",
    "1. one",
    "line\n# PWNED",
    "line\r\n| PWNED |",
)
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",  # noqa: RUF001 - the wide form is the attack
)
TERMINAL = (
    "\x1b[2J\x1b[31mPWNED\x1b[0m",
    "\x1b]0;PWNED\x07",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b31mPWNED",
    "back\x08\x08\x08space",
    "\x00zero",
    "\x7fdelete",
    "hidden\rPWNED",
)
DIRECTION = ("abc\u202etxt.exe", "\u2066a\u2069", "\u200eb", "one\u2028two")
GROUPS = (SQL, JINJA, MARKUP, MARKDOWN, FORMULAS, TERMINAL, DIRECTION)
FEW = tuple(group[place] for group in GROUPS for place in (0, 2))
"""Two of each kind, for what takes long."""
SOME = tuple(dict.fromkeys((*FEW, *MARKUP[:2], *MARKDOWN[:4], *FORMULAS, *TERMINAL)))
"""What the outputs of one CRM could trip over: questions compare each source with each."""
EVERY = (*SQL, *JINJA, *MARKUP, *MARKDOWN, *FORMULAS, *TERMINAL, *DIRECTION)
CONTROLS = "".join(
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)
OBEYED = (
    CONTROLS
    + "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
)
"""What a terminal would obey, or would show the rest in another order by."""
