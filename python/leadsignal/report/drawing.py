"""From a specification to SVG that a page can hold: by vl-convert, in process, without a network.

The drawing loads nothing and styles nothing by itself. It is one image to a screen reader, which
has the table beside it; its marks say in `data-` attributes which source and month they are of.
"""

import json
import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

from leadsignal.report.theme import Spec

SVG = "http://www.w3.org/2000/svg"
DROPPED = ("role", "aria-label", "aria-roledescription", "aria-hidden", "style", "id")
LOCAL = re.compile(r"url\(#(clip\d+|gradient_\d+)\)")
OFF = "off"
"""Class of a mark that is not seen until its source is chosen."""


def svg(spec: Spec, name: str, alternative: str, one_at_a_time: bool = False) -> str:
    """The specification drawn as an inline SVG element.

    `name` is the chart's own on the page, `alternative` its text for who does not see it. With
    `one_at_a_time` only the marks of all sources are seen at first.
    """
    # The text was written in this process, and a CRM's words in it are escaped.
    root = ElementTree.fromstring(_converter().vegalite_to_svg(spec))  # noqa: S314
    width, height = (root.attrib.pop(side) for side in ("width", "height"))
    for element in list(root.iter()):
        _cleaned(element, name, one_at_a_time)
    root.attrib.update(
        {
            "class": "chart",
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "role": "img",
            "aria-label": alternative,
            "focusable": "false",
        }
    )
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


@cache
def _converter() -> Any:
    """Imported once it is needed: its first drawing takes most of a second."""
    import vl_convert

    return vl_convert


def _cleaned(element: ElementTree.Element, name: str, one_at_a_time: bool) -> None:
    key = _key(element.get("aria-label", ""))
    id_ = element.get("id")
    for attribute in DROPPED:
        element.attrib.pop(attribute, None)
    for attribute, value in element.attrib.items():
        element.set(attribute, LOCAL.sub(rf"url(#{name}-\1)", value))
    if id_:
        element.set("id", f"{name}-{id_}")
    if key is None:
        return
    is_off = one_at_a_time and key["source"] is not None
    element.set("class", f"mark {OFF}" if is_off else "mark")
    for part in ("source", "month"):
        if key[part] is not None:
            element.set(f"data-{part}", key[part])
    ElementTree.SubElement(element, f"{{{SVG}}}title").text = key["words"]


def _key(label: str) -> dict[str, Any] | None:
    """What `charts` wrote on a mark; axes and legends have words of Vega's own."""
    if not label.startswith("{"):
        return None
    try:
        found = json.loads(label)
    except ValueError:
        return None
    return (
        found if isinstance(found, dict) and {"words", "source", "month"} <= found.keys() else None
    )
