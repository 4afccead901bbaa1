"""Small wirings for tests of the rules, and what is found about them."""

from __future__ import annotations

from fakes.fabrics import desired, thing
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.validation import validate_manifests
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import FabricConstants

FAMILIES = FabricConstants(gateway=True, profile_families=("default", "cls-plus", "cumulus"))


def leaf(number: int = 1, **spec: Json) -> JsonObject:
    """A leaf with 48 ports of 25G in groups and eight of 100G."""
    return thing("Switch", f"leaf-{number}", _leaf(number, **spec))


def elsewhere(number: int, namespace: str, **spec: Json) -> JsonObject:
    """The same in another Kubernetes namespace."""
    return thing("Switch", f"leaf-{number}", _leaf(number, **spec), namespace=namespace)


def spine(number: int = 1, **spec: Json) -> JsonObject:
    """A spine with 32 ports of 100G."""
    usual: JsonObject = {
        "role": "spine",
        "profile": "celestica-ds3000",
        "asn": 65100,
        "ip": f"172.30.1.{number}/21",
        "protocolIP": f"172.30.9.{number}/32",
    }
    return thing("Switch", f"spine-{number}", {**usual, **spec})


def cable(name: str, **spec: Json) -> JsonObject:
    """A connection."""
    return thing("Connection", name, spec)


def way_out(name: str, port: str) -> JsonObject:
    """An external connection at a port."""
    return cable(name, external={"link": {"switch": {"port": port}}})


def link(server: str, switch: str) -> JsonObject:
    """A link between a server and a switch."""
    return {"server": {"port": server}, "switch": {"port": switch}}


def fabric_link(spine_end: JsonObject, leaf_end: JsonObject) -> JsonObject:
    """A link between a spine and a leaf."""
    return {"spine": spine_end, "leaf": leaf_end}


def vlans(*ranges: tuple[int, int], name: str = "default", namespace: str = "default") -> JsonObject:
    """A VLAN namespace."""
    entries: list[Json] = [{"from": first, "to": last} for first, last in ranges]
    return thing("VLANNamespace", name, {"ranges": entries}, namespace=namespace)


def judge(*objects: JsonObject, constants: FabricConstants = FAMILIES) -> tuple[Finding, ...]:
    """All findings about a wiring; a VLAN namespace `default` is there unless another one is given."""
    given = objects
    if not any(each["kind"] == "VLANNamespace" for each in objects):
        given = (vlans((1000, 2999)), *objects)
    manifests = desired(*given).manifests
    return validate_manifests(manifests, default_specs(manifests), package_release(), constants)


def told(findings: tuple[Finding, ...]) -> set[tuple[str, str, str]]:
    """Each finding as the object's name, the rule and the field."""
    return {(each.key.name if each.key else "", each.rule, each.field) for each in findings}


def _leaf(number: int, **spec: Json) -> JsonObject:
    usual: JsonObject = {
        "role": "server-leaf",
        "profile": "dell-s5248f-on",
        "asn": 65100 + number,
        "ip": f"172.30.0.{number + 10}/21",
        "protocolIP": f"172.30.8.{number}/32",
        "vtepIP": f"172.30.12.{number}/32",
    }
    return {**usual, **spec}
