"""Switch profiles as the fabric's SwitchProfile objects describe them, and those that count as built in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.profile import Port, PortProfile, Profile


class BuiltIn(Mapping[str, Profile]):
    """The profiles of some families, by name. A profile is made only when it is asked for."""

    def __init__(self, profiles: Mapping[str, Profile], families: Iterable[str]) -> None:
        self._profiles = profiles
        self._families = frozenset(families)

    def __getitem__(self, name: str) -> Profile:
        found = self._profiles[name]
        if found.family not in self._families:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, profile in self._profiles.items() if profile.family in self._families)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def profile_from_object(value: JsonObject) -> Profile:
    """The profile of a SwitchProfile object, as a cluster returns it."""
    spec = as_object(value.get("spec"))
    return Profile(
        name=as_text(as_object(value.get("metadata")).get("name")),
        family=_family(as_text(spec.get("nosType"))),
        features=frozenset(name for name, has in as_object(spec.get("features")).items() if has is True),
        ports={name: _port(as_object(port)) for name, port in as_object(spec.get("ports")).items()},
        port_profiles={
            name: _port_profile(as_object(used)) for name, used in as_object(spec.get("portProfiles")).items()
        },
        groups={name: _text(group, "profile") for name, group in as_object(spec.get("portGroups")).items()},
        pipelines={name: _number(each, "maxPorts") for name, each in as_object(spec.get("pipelines")).items()},
        max_ports=_number(spec, "maxPorts"),
    )


def _family(network_os: str) -> str:
    """Which setting of the fabric lets the profile be used: the operating system tells."""
    if network_os.startswith("sonic-cls-plus"):
        return "cls-plus"
    return "cumulus" if network_os.startswith("cumulus") else "default"


def _port(port: JsonObject) -> Port:
    return Port(
        profile=_text(port, "profile"),
        group=_text(port, "group"),
        pipeline=_text(port, "pipeline"),
        is_management=port.get("management") is True,
    )


def _port_profile(used: JsonObject) -> PortProfile:
    choice = as_object(used.get("breakout") or used.get("speed"))
    modes = {name: len(as_list(as_object(mode).get("offsets"))) for name, mode in _modes(used).items()}
    speeds = as_list(as_object(used.get("speed")).get("supported"))
    return PortProfile(
        default=_text(choice, "default"),
        speeds=tuple(map(as_text, speeds)),
        breakouts=modes if used.get("breakout") else None,
        auto_negotiation=used.get("autoNegAllowed") is True,
    )


def _modes(used: JsonObject) -> JsonObject:
    return as_object(as_object(used.get("breakout")).get("supported"))


def _text(value: Json, field: str) -> str:
    return as_text(as_object(value).get(field))


def _number(value: Json, field: str) -> int:
    number = as_object(value).get(field)
    return number if isinstance(number, int) else 0
