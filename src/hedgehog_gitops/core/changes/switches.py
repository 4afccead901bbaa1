"""Disruption at switches: new numbers, another redundancy, both of a pair at once, the last uplink gone."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.changes.service import Attachment, Service, listed
from hedgehog_gitops.core.changes.step import Step, StepFault, key_of
from hedgehog_gitops.core.devices import connection_type, switch_names
from hedgehog_gitops.core.rules import change_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule

RENUMBERING = ("asn", "protocolIP", "vtepIP", "role")
WORDS_ONLY = frozenset({"description", "portLocators"})
"""Fields of a switch whose change touches no traffic."""


def switch_disruptions(step: Step, served: Service) -> Iterator[StepFault]:
    """The faults of switches that change, and of those whose uplinks go."""
    for key, was, now in step.updates("Switch"):
        yield from (StepFault(key, key, fault) for fault in _switch(key.name, was, now, served))
    yield from _pairs(step, served)
    yield from _uplinks(step, served)


def _switch(name: str, was: JsonObject, now: JsonObject, served: Service) -> Iterator[Fault]:
    behind = served.of_switch.get(name, [])
    for field in RENUMBERING:
        if was.get(field) != now.get(field):
            yield _becomes(rules.SWITCH_RENUMBERED, ("spec", field), was.get(field), now.get(field), served, behind)
    old, new = as_object(was.get("redundancy")), as_object(now.get("redundancy"))
    for field in ("group", "type"):
        if old.get(field) != new.get(field):
            path: FieldPath = ("spec", "redundancy", field)
            yield _becomes(rules.REDUNDANCY_CHANGES, path, old.get(field), new.get(field), served, behind)
            break


def _becomes(rule: Rule, path: FieldPath, was: Json, now: Json, served: Service, behind: list[Attachment]) -> Fault:
    message = f"{path_text(path)}: {was or '(none)'} becomes {now or '(none)'}"
    return Fault(rule, path, message + served.lost(behind), "plan an interruption for what is behind the switch")


def _pairs(step: Step, served: Service) -> Iterator[StepFault]:
    """Groups of ESLAG whose switches are all touched, with what is attached over them."""
    touched = {key.name for key, was, now in step.updates("Switch") if _is_touched(was, now)}
    touched |= {key.name for key, _ in step.removals("Switch")}
    groups: dict[str, list[str]] = {}
    for name in sorted(touched):
        redundancy = as_object(step.before["Switch"][name].get("redundancy"))
        if redundancy.get("type") == "eslag":
            groups.setdefault(as_text(redundancy.get("group")), []).append(name)
    if not any(len(names) > 1 for names in groups.values()):
        return
    sizes = _sizes(step)
    for group, names in sorted(groups.items()):
        if len(names) > 1 and len(names) == sizes.get(group):
            yield from _pair(names, step, served)


def _is_touched(was: JsonObject, now: JsonObject) -> bool:
    return any(was.get(field) != now.get(field) for field in (was.keys() | now.keys()) - WORDS_ONLY)


def _sizes(step: Step) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for spec in step.before.get("Switch", {}).values():
        group = as_text(as_object(spec.get("redundancy")).get("group"))
        sizes[group] = sizes.get(group, 0) + 1
    return sizes


def _pair(names: list[str], step: Step, served: Service) -> Iterator[StepFault]:
    over = [each for each in served.of_switch.get(names[0], []) if _is_over(each, names, step)]
    if not over:
        return
    message = f"{listed('switch', names).replace('switchs', 'switches')} of one ESLAG group change together"
    hint = "change one of them, apply, look at the servers, and then change the other"
    staying = [key for name in names if (key := key_of("Switch", name)) in step.newer]
    subject = staying[0] if staying else key_of("Switch", names[0])
    partner = key_of("Switch", next(name for name in names if name != subject.name))
    fault = Fault(
        rules.PAIR_TOUCHED, ("spec", "redundancy", "group"), message + served.lost(over), hint,
        Other(partner, ("spec", "redundancy", "group")),
    )  # fmt: skip
    yield StepFault(subject, subject, fault)


def _is_over(attached: Attachment, names: list[str], step: Step) -> bool:
    spec = step.before.get("Connection", {}).get(attached.connection, {})
    found = connection_type(spec)
    return found is not None and found.key == "eslag" and switch_names(spec) <= set(names)


def _uplinks(step: Step, served: Service) -> Iterator[StepFault]:
    """Switches that stay and had an uplink, whose uplinks have all gone in this step."""
    cut: dict[str, ObjectKey] = {}
    for key, was, now in step.updates("Connection"):
        for switch in sorted(_uplinked(was) - _uplinked(now)):
            cut.setdefault(switch, key)
    for key, was in step.removals("Connection"):
        for switch in sorted(_uplinked(was)):
            cut.setdefault(switch, key)
    if not cut:
        return
    still = {switch for spec in step.after.get("Connection", {}).values() for switch in _uplinked(spec)}
    for switch, key in sorted(cut.items()):
        place = key_of("Switch", switch)
        if switch not in still and place in step.newer:
            message = (
                f"switch {switch} loses its last uplink, {key.name}{served.lost(served.of_switch.get(switch, []))}"
            )
            hint = "connect it to a spine or to another leaf in the same change, or plan an interruption"
            yield StepFault(key, place, Fault(rules.LAST_UPLINK, ("metadata", "name"), message, hint))


def _uplinked(spec: JsonObject) -> frozenset[str]:
    found = connection_type(spec)
    return switch_names(spec) if found is not None and found.key in {"fabric", "mesh"} else frozenset()
