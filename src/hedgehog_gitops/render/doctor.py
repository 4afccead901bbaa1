"""What `doctor` found, as lines for people and as `hedgehog-gitops/doctor/v1`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedgehog_gitops.core.doctor import worst_grade
from hedgehog_gitops.model.health import Grade, Health
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.render.status_json import health_value
from hedgehog_gitops.render.status_text import health_line
from hedgehog_gitops.render.text import as_json, count, one_line


def doctor_text(findings: Sequence[Health], versions: Mapping[str, str], *, has_colours: bool = False) -> str:
    """A line for everything that was looked at, with advice below what is wrong, and what to think of the whole."""
    told = ", ".join(f"{name} {number}" for name, number in versions.items())
    lines = "".join(health_line(found, has_colours=has_colours) for found in findings)
    errors = sum(found.grade is Grade.ERROR for found in findings)
    warnings = sum(found.grade is Grade.WARNING for found in findings)
    found = ", ".join(count(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number)
    return f"{one_line(told)}\n{lines}{found or 'all is well'}\n"


def doctor_json(findings: Sequence[Health], versions: Mapping[str, str]) -> str:
    """The same as JSON."""
    listed: list[Json] = [{"fabric": found.fabric, **health_value(found)} for found in findings]
    is_ok = worst_grade(findings) is not Grade.ERROR
    value: JsonObject = {
        "schema": "hedgehog-gitops/doctor/v1",
        "ok": is_ok,
        "versions": {**versions},
        "findings": listed,
    }
    return as_json(value)
