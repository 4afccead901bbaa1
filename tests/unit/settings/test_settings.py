from __future__ import annotations

import pickle

import pytest

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.model import errors
from hedgehog_gitops.model.errors import HedgehogGitopsError, SettingsError
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.settings import (
    Authority,
    Containers,
    FabricConstants,
    NetboxSettings,
    NotifySettings,
    OnConflict,
    Settings,
)
from hedgehog_gitops.settings import parse_constants, parse_settings

SCHEMAS = PackageSchemas()
SCHEMA = SCHEMAS.configuration()
GOOD = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - name: prod
    directory: fabrics/prod/
"""


def parse(text: str) -> Settings:
    return parse_settings(text.encode(), "hedgehog-gitops.yaml", "/repo", SCHEMA, SCHEMAS.schema)


def faults(text: str) -> list[tuple[str, int]]:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    return [(finding.rule, finding.origin.line) for finding in caught.value.findings]


def test_the_least_configuration_has_safe_defaults() -> None:
    (fabric,) = parse(GOOD).fabrics
    assert fabric.directory == "fabrics/prod"
    assert (fabric.sync.enabled, fabric.sync.interval) == (True, 300)
    assert fabric.prune.enabled is False
    assert fabric.authority == {"default": Authority.GIT}
    assert fabric.ingest.on_conflict is OnConflict.RAW_WINS
    assert fabric.cluster is None


def test_everything_that_can_be_set_is_read() -> None:
    more = """\
    sync: {enabled: false, interval: 60}
    cluster: {context: prod, kubeconfig: kube.yaml, namespace: default}
    authority: {default: git, Server: ignore}
    prune: {enabled: true, max_objects: 3, max_share: 0.5}
    state: {backend: sqlite, path: state.sqlite}
    ingest: {on_conflict: fail, partial: true}
    settings: {gateway: true, irb_vlans: [{from: 3000, to: 3100}], gateway_communities: {0: "50001:0"}}
git: {remote: upstream, branch: release}
limits: {file_bytes: 2048, depth: 20}
"""
    settings = parse(GOOD + more)
    (fabric,) = settings.fabrics
    assert settings.git.remote == "upstream"
    assert settings.limits.depth == 20
    assert fabric.constants.irb_vlans == ((3000, 3100),)
    assert fabric.constants.gateway_communities == {0: "50001:0"}
    assert fabric.authority["Server"] is Authority.IGNORE
    assert fabric.state.path == "state.sqlite"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("CONFIG-001", 1)]),
        (GOOD.replace("directory", "directroy"), [("CONFIG-002", 3), ("CONFIG-002", 4)]),
        (GOOD.replace("v1", "v9"), [("CONFIG-002", 1)]),
        (GOOD + "    sync: {interval: 5}\n", [("CONFIG-002", 5)]),
        (GOOD + "    sync: {interval: soon}\n", [("CONFIG-002", 5)]),
        (GOOD + "    netbox: {token: abc}\n", [("CONFIG-003", 5)]),
        (GOOD + "  - name: prod\n    directory: other\n", [("CONFIG-004", 5)]),
        (GOOD + "  - name: sub\n    directory: fabrics/prod/sub\n", [("CONFIG-005", 6)]),
        (GOOD + "    cluster: {directory: live, context: prod}\n", [("CONFIG-006", 5)]),
        (GOOD + "    cluster: {directory: live}\n    state: {backend: kubernetes}\n", [("CONFIG-006", 6)]),
        (GOOD + "    state: {backend: kubernetes}\n", [("CONFIG-006", 5)]),
        (GOOD + "    netbox: {file: n.json, url: 'https://n', token_env: T, site: a}\n", [("CONFIG-011", 5)]),
        (GOOD + "    netbox: {url: 'https://n', site: a}\n", [("CONFIG-011", 5)]),
        (GOOD + "    netbox: {file: n.json}\n", [("CONFIG-011", 5)]),
        (GOOD + "    netbox: {url: 'ftp://n', token_env: T, site: a}\n", [("CONFIG-011", 5)]),
        (GOOD + "    netbox: {url: 'https://u:p@n', token_env: T, site: a}\n", [("CONFIG-003", 5)]),
        (GOOD + "    netbox: {file: n.json, site: a, kinds: [Vpc]}\n", [("CONFIG-002", 5)]),
        (GOOD + "    netbox: {file: n.json, site: a, fields: {key: a__b}}\n", [("CONFIG-002", 5)]),
        (GOOD.replace("fabrics/prod/", "../up"), [("LAYOUT-002", 4)]),
        (GOOD.replace("fabrics/prod/", "."), [("LAYOUT-003", 4)]),
        (GOOD + "fabrics: []\n", [("YAML-003", 5)]),
    ],
    ids=["empty", "misspelled", "version", "interval", "type", "secret", "names", "overlap", "cluster",
         "state on disk", "state nowhere", "two netboxes", "netbox without token", "netbox without site",
         "netbox that is no address", "password for netbox", "unknown kind in netbox", "no field of netbox", "escape",
         "root", "duplicate"],
)  # fmt: skip
def test_a_fault_is_found_on_its_line(text: str, expected: list[tuple[str, int]]) -> None:
    assert faults(text) == expected


def test_b28_fabric_1_and_fabric_10_do_not_overlap() -> None:
    text = GOOD.replace("prod", "fabric-1") + "  - name: fabric-10\n    directory: fabrics/fabric-10\n"
    assert [fabric.name for fabric in parse(text).fabrics] == ["fabric-1", "fabric-10"]


def test_how_a_fabric_is_shown_in_netbox_is_configured() -> None:
    """Issue 7, scope: site and location, roles, manufacturer, statuses, containers, kinds, names of custom fields."""
    more = (
        "    netbox: {file: n.json, site: dc1, location: row-a, manufacturer: Acme, roles: {spine: core-switch},\n"
        "      statuses: {dcim.device: planned}, containers: global, kinds: [Switch, Server], fields: {key: our_key}}\n"
    )
    (fabric,) = parse(GOOD + more).fabrics
    assert fabric.netbox == NetboxSettings(
        file="n.json",
        site="dc1",
        location="row-a",
        manufacturer="Acme",
        roles={"spine": "core-switch"},
        statuses={"dcim.device": "planned"},
        containers=Containers.GLOBAL,
        kinds=("Switch", "Server"),
        fields={"key": "our_key"},
    )
    assert (fabric.netbox.field("key"), fabric.netbox.field("base")) == ("our_key", "hedgehog_base")
    assert fabric.sides == (SideName.NETBOX,)
    assert parse(GOOD).fabrics[0].netbox is None


@pytest.mark.parametrize(
    "text",
    [
        "VPC/spec.subnets.default.vlan: cluster",
        "VPC/spec.subnets.*.vlan: cluster, VPC: git",
        "Switch/spec.description: netbox",
    ],
)
def test_authority_over_single_fields_is_read(text: str) -> None:
    (fabric,) = parse(GOOD + f"    authority: {{{text}}}\n").fabrics
    assert fabric.authority.keys() - {"default"} == {part.partition(":")[0].strip() for part in text.split(",")}


@pytest.mark.parametrize(
    "text",
    [
        "Vpc: cluster",
        "Agent: cluster",
        "VPC/spec.subnet: cluster",
        "VPC/spec.subnets: cluster, VPC/spec.subnets.default: git",
        "VPC: cluster, VPC/spec.mode: git",
        "default: cluster, VPC/spec.mode: git",
    ],
    ids=["unknown kind", "not ours", "unknown field", "field below another's", "kind of another", "default of another"],
)
def test_an_authority_that_decides_nothing_or_against_another_is_refused(text: str) -> None:
    assert faults(GOOD + f"    authority: {{{text}}}\n") == [("CONFIG-008", 5)]


def test_a_misspelled_key_is_suggested() -> None:
    with pytest.raises(SettingsError) as caught:
        parse(GOOD + "    sinc: {}\n")
    assert caught.value.findings[0].hint == "did you mean sync?"


def test_a_secret_is_never_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        parse(GOOD + "    netbox: {url: https://n, token: c4n4ry}\n")
    assert "c4n4ry" not in repr(caught.value) + str(caught.value)


def test_constants_have_the_fabricators_defaults() -> None:
    assert parse_constants(b"spine_asn: 64999\n", "s.yaml", SCHEMA) == FabricConstants(spine_asn=64999)


EXAMPLES: list[HedgehogGitopsError] = [
    errors.UsageError("no"),
    errors.SettingsError(()),
    errors.UnreachableError("git", "no answer", "wait"),
    errors.PushRejectedError("main", "abc"),
    errors.FileMovedError("a.yaml"),
    errors.StalePlanError("the effect", "p1", "p2"),
    errors.NotApprovedError("lab", "no artifact"),
    errors.ForgeError("a comment", 403, "not allowed"),
    errors.LockHeldError("lab", "here", "r1", "soon"),
    errors.LeaseLostError("lab", "r1"),
    errors.RunTooLongError(600),
    errors.NotRepresentableError("a: 1"),
    errors.StateError("state.sqlite", "locked"),
    errors.ForgeError("a comment", 403, "no permission"),
    errors.NotApprovedError("lab", "nobody has planned it"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=[type(error).__name__ for error in EXAMPLES])
def test_an_error_survives_pickling_with_its_data(error: HedgehogGitopsError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_no_error_is_left_out() -> None:
    assert {type(error) for error in EXAMPLES} == set(HedgehogGitopsError.__subclasses__()) & {
        value for value in vars(errors).values() if isinstance(value, type)
    }


IGNORED = """\
ignore:
  - rules: [LINT-003]
    reason: everywhere
"""


def test_suppressions_of_the_top_hold_for_every_fabric_after_its_own() -> None:
    own = "    ignore:\n      - {rules: [VPC-050, lint-003], paths: ['managed/vpcs/*'], reason: agreed}\n"
    settings = parse(GOOD.replace("fabrics:", f"{IGNORED}fabrics:") + own)
    (fabric,) = settings.fabrics
    assert [(each.reason, each.paths, each.is_shared) for each in fabric.ignores] == [
        ("agreed", ("managed/vpcs/*",), False),
        ("everywhere", ("**",), True),
    ]
    assert settings.ignores == fabric.ignores[1:]
    assert fabric.ignores[1].rules[0].ids == ("LINT-003",)
    assert fabric.ignores[1].origin.line == 3
    assert settings.warnings == ()


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{rules: [LINT-998], reason: agreed}", "IGNORE-002"),
        ("{rules: [YAML-006], reason: agreed}", "IGNORE-004"),
    ],
)
def test_a_rule_that_cannot_be_suppressed_is_a_warning(entry: str, rule: str) -> None:
    settings = parse(f"{GOOD}    ignore:\n      - {entry}\n")
    assert [(each.rule, each.origin.line) for each in settings.warnings] == [(rule, 6)]


@pytest.mark.parametrize("entry", ["{rules: [LINT-003]}", "{rules: [LINT-003], reason: ' '}", "{rules: [], reason: x}"])
def test_a_suppression_without_a_reason_or_a_rule_is_refused(entry: str) -> None:
    assert {rule for rule, _ in faults(f"{GOOD}    ignore:\n      - {entry}\n")} == {"CONFIG-002"}


FABRICATOR = """\
apiVersion: fabricator.githedgehog.com/v1beta1
kind: Fabricator
metadata: {name: default, namespace: fab}
spec:
  config:
    fabric: {spineASN: 64900, leafASNStart: 64901, leafASNEnd: 64999}
    gateway: {enable: true}
"""


def described(more: str, fabricator: str = FABRICATOR) -> Settings:
    files = {"fab.yaml": fabricator.encode()}
    text = (GOOD + more).encode()
    return parse_settings(text, "hedgehog-gitops.yaml", "/repo", SCHEMA, SCHEMAS.schema, files.get)


def test_settings_come_from_the_fabricator_and_explicit_ones_win_key_by_key() -> None:
    (fabric,) = described("    settings_from: fab.yaml\n    settings: {spine_asn: 64800}\n").fabrics
    assert fabric.constants == FabricConstants(
        spine_asn=64800, leaf_asn_start=64901, leaf_asn_end=64999, gateway=True
    )  # fmt: skip


def test_the_digest_changes_with_what_the_fabricator_says_and_not_with_its_comments() -> None:
    more = "    settings_from: fab.yaml\n"
    first, same, other = (
        described(more, text).fabrics[0].config_digest
        for text in (FABRICATOR, f"# a comment\n{FABRICATOR}", FABRICATOR.replace("64900", "64899"))
    )
    assert first == same != other


def test_what_the_installer_would_refuse_is_told_and_does_not_stop_the_rest() -> None:
    settings = described("    settings_from: fab.yaml\n")
    assert {(finding.rule, finding.origin.path) for finding in settings.warnings} == {("FAB-004", "fab.yaml")}


@pytest.mark.parametrize("fabricator", ["a: 1\n", "", FABRICATOR + "---\n" + FABRICATOR])
def test_a_file_without_exactly_one_fabricator_is_refused(fabricator: str) -> None:
    with pytest.raises(SettingsError) as caught:
        described("    settings_from: fab.yaml\n", fabricator)
    assert [finding.rule for finding in caught.value.findings] == ["CONFIG-009"]


def test_a_file_that_is_not_there_is_refused_where_it_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        described("    settings_from: typo.yaml\n")
    assert [(finding.rule, finding.origin.line) for finding in caught.value.findings] == [("CONFIG-009", 5)]


def test_constants_are_read_from_the_installers_file_too() -> None:
    node = "---\napiVersion: fabricator.githedgehog.com/v1beta1\nkind: ControlNode\nmetadata: {name: one}\n"
    assert parse_constants((FABRICATOR + node).encode(), "fab.yaml", SCHEMA).spine_asn == 64900


def test_a_fabric_is_told_about_where_its_own_entry_says_else_where_the_one_for_all_says() -> None:
    both = GOOD + "  - {name: lab, directory: fabrics/lab, notify: {url_env: U, secret_file: s}}\n"
    prod, lab = parse(both + "notify: {url: 'https://x.example/', secret_env: S}\n").fabrics
    assert (prod.notify, lab.notify) == (
        NotifySettings(url="https://x.example/", secret_env="S"),  # noqa: S106 - the name of a variable
        NotifySettings(url_env="U", secret_file="s"),  # noqa: S106 - the name of a file
    )


@pytest.mark.parametrize(
    ("notify", "rules"),
    [
        ("{url: 'https://x.example'}", ["CONFIG-010"]),
        ("{secret_env: S}", ["CONFIG-010"]),
        ("{url: 'https://x.example', url_env: U, secret_env: S}", ["CONFIG-010"]),
        ("{url: 'ftp://x.example', secret_env: S}", ["CONFIG-010"]),
        ("{url: 'https://me:canary@x.example', secret_env: S}", ["CONFIG-003"]),
        ("{url: 'canary://me:canary@x', secret_env: S}", ["CONFIG-003", "CONFIG-010"]),
        ("{url_env: U, secret: canary}", ["CONFIG-003"]),
    ],
)
def test_a_notification_without_address_or_signature_is_a_finding_that_repeats_no_secret(
    notify: str, rules: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(GOOD + f"notify: {notify}\n")
    assert sorted(finding.rule for finding in caught.value.findings) == rules
    assert "canary" not in str(caught.value) + repr(caught.value.findings)
