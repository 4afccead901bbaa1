"""The report as one page that asks for nothing else: data, style and script are in it, and no other may run."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files

from jinja2 import Environment, select_autoescape
from markupsafe import Markup

from hedgehog_gitops.model.plain import JsonObject

STYLES = ("page.css",)
SCRIPTS = ("data.js", "detail.js", "list.js", "drawing.js", "page.js")


def page(report: JsonObject) -> str:
    """The page of one report value. Text of others reaches it only as escaped text and as JSON data."""
    style, script = (_joined(names) for names in (STYLES, SCRIPTS))
    environment = Environment(autoescape=select_autoescape(default=True, default_for_string=True))
    template = environment.from_string(_read("page.html"))
    return template.render(
        report=report,
        data=Markup(_harmless(report)),  # noqa: S704 - JSON in which no character can end the element
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own files
        policy=_policy(style, script),
    )


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere, and of styles and scripts only the ones in the page."""
    parts = (f"style-src '{_digest(style)}'", f"script-src '{_digest(script)}'")
    return "; ".join(("default-src 'none'", *parts, "base-uri 'none'", "form-action 'none'"))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _harmless(value: JsonObject) -> str:
    """JSON that stays data inside of a page, whatever its texts say."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "backslashreplace").decode()


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join(map(_read, names))


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
