"""On the path of a Python process and its children, this forbids and records connections."""

import os
import sys

LOG = os.environ["LEADSIGNAL_TEST_CONNECTIONS"]
FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    if event not in FORBIDDEN:
        return
    if event == "socket.connect" and isinstance(arguments[1], str | bytes):
        return  # a path: a socket between a process and its children
    with open(LOG, "a", encoding="utf-8") as stream:
        stream.write(f"{event} {arguments[1:]} {sys.argv}\n")
    raise PermissionError("there is no network in this test")


sys.addaudithook(_forbid)
