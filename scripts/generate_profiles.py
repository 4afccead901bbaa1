"""Write schemas/switch-profiles.json: what each model of switch can do, from a file of facts about the profiles.

    python scripts/generate_profiles.py FACTS.json [--check]

What no rule asks for (labels, platforms, other names) is left out. With --check nothing is written; the exit code
is 1 if something would be.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hedgehog_gitops.core.profile_file import profiles_text
from hedgehog_gitops.model.profile import Port, PortProfile, Profile

FILE = Path(__file__).resolve().parents[1] / "schemas/switch-profiles.json"


def main() -> int:
    """Write or check the file; 1 if --check found a difference."""
    facts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    text = profiles_text(facts["apiVersion"], [profile(name, each) for name, each in facts["profiles"].items()])
    if FILE.exists() and FILE.read_text(encoding="utf-8") == text:
        print("the profiles are current")
        return 0
    if "--check" in sys.argv:
        print("the profiles differ")
        return 1
    FILE.write_text(text, encoding="utf-8")
    print("the profiles are written")
    return 0


def profile(name: str, facts: dict[str, Any]) -> Profile:
    """One profile."""
    return Profile(
        name=name,
        family=facts["family"],
        features=frozenset(feature for feature, has in facts["features"].items() if has),
        ports={port: as_port(each) for port, each in facts["ports"].items()},
        port_profiles={used: as_port_profile(each) for used, each in facts["portProfiles"].items()},
        groups=facts["portGroups"],
        pipelines=facts["pipelines"],
        max_ports=facts["maxPorts"],
    )


def as_port(facts: dict[str, Any]) -> Port:
    """What the rules ask of a port."""
    return Port(
        profile=facts.get("profile", ""),
        group=facts.get("group", ""),
        pipeline=facts.get("pipeline", ""),
        is_management=facts.get("management", False),
    )


def as_port_profile(facts: dict[str, Any]) -> PortProfile:
    """The profile of a speed port or of a breakout port."""
    negotiates = facts["autoNegAllowed"]
    if speed := facts.get("speed"):
        return PortProfile(default=speed["default"], speeds=tuple(speed["supported"]), auto_negotiation=negotiates)
    breakout = facts["breakout"]
    return PortProfile(
        default=breakout["default"], breakouts=breakout["supported"], auto_negotiation=negotiates
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
