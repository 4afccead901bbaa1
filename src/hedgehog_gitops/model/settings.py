"""The configuration as values. `settings` (the module above core) parses and judges the file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.ignore import IgnoreEntry
from hedgehog_gitops.model.live import SideName


class Authority(StrEnum):
    """Which side decides about a kind or a field."""

    GIT = "git"
    CLUSTER = "cluster"
    NETBOX = "netbox"
    IGNORE = "ignore"


class OnConflict(StrEnum):
    """What ingestion does when raw and managed hold the same object with different meaning."""

    RAW_WINS = "raw-wins"
    MANAGED_WINS = "managed-wins"
    FAIL = "fail"


class OnMissing(StrEnum):
    """What becomes of an object of ours that somebody deleted on a side."""

    ASK = "ask"
    RECREATE = "recreate"
    FORGET = "forget"


# Never changed, like everything that they are a default of.
_COMMUNITIES: Mapping[int, str] = {priority: f"50001:{priority}" for priority in range(10)}
_GIT_DECIDES: Mapping[str, Authority] = {"default": Authority.GIT}
_NONE: Mapping[str, str] = {}


class FabricConstants(NamedTuple):
    """Addresses and numbers of the fabric that the rules depend on; defaults are those of the Fabricator."""

    management_subnet: str = "172.30.0.0/21"
    control_vip: str = "172.30.0.1/32"
    dhcp_start: str = "172.30.4.0"
    dhcp_end: str = "172.30.7.254"
    protocol_subnet: str = "172.30.8.0/22"
    vtep_subnet: str = "172.30.12.0/22"
    proxy_external_subnet: str = "172.30.16.0/22"
    workaround_subnet: str = "172.30.96.0/19"
    mclag_session_subnet: str = "172.30.95.0/31"
    fabric_subnet: str = "172.30.128.0/17"
    spine_asn: int = 65100
    leaf_asn_start: int = 65101
    leaf_asn_end: int = 65533
    gateway_asn: int = 65534
    irb_vlans: tuple[tuple[int, int], ...] = ((3000, 3899),)
    th5_vlans: tuple[tuple[int, int], ...] = ((3900, 3999),)
    fabric_mtu: int = 9100
    server_mtu_offset: int = 64
    gateway: bool = False
    gateway_communities: Mapping[int, str] = _COMMUNITIES
    profile_families: tuple[str, ...] = ("default",)


class SyncSettings(NamedTuple):
    """When a fabric is synced by itself. `interval` is in seconds; 0 means only by hand."""

    enabled: bool = True
    interval: int = 300
    scheduler_enabled: bool = True
    scheduler_reason: str = ""


class ClusterSettings(NamedTuple):
    """How the cluster is reached: a kubeconfig context, in-cluster, or a directory of manifests on disk."""

    context: str = ""
    kubeconfig: str = ""
    namespace: str = "default"
    directory: str = ""
    in_cluster: bool = False


class Containers(StrEnum):
    """Where the networks of an IPv4Namespace lie in NetBox: in a VRF of their own, or in the global table."""

    VRF = "vrf"
    GLOBAL = "global"


class NetboxSettings(NamedTuple):
    """How NetBox is reached, by address or as a file that stands for it, and where and how the fabric is shown there.

    The token is in the environment or in a file, never here. `site` and `location` are slugs of objects that people
    made. `roles` are slugs of device roles by the role in Hedgehog, `statuses` what new objects are given, by NetBox
    kind (`dcim.device`). `kinds` are the Hedgehog kinds to be shown; none named: all. `fields` are the names of our
    custom fields where they are not `hedgehog_<word>`, by that word
    (key, fabric, base; asn, peerings, connection, redundancy).
    """

    url: str = ""
    token_env: str = ""
    token_file: str = ""
    ca_file: str = ""
    file: str = ""
    site: str = ""
    location: str = ""
    manufacturer: str = "Hedgehog"
    roles: Mapping[str, str] = _NONE
    statuses: Mapping[str, str] = _NONE
    containers: Containers = Containers.VRF
    kinds: tuple[str, ...] = ()
    fields: Mapping[str, str] = _NONE

    def field(self, word: str) -> str:
        """The name of one of our custom fields."""
        return self.fields.get(word, f"hedgehog_{word}")


class PruneSettings(NamedTuple):
    """Whether, and how much, may be pruned in one run."""

    enabled: bool = False
    max_objects: int = 10
    max_share: float = 0.2


class StateSettings(NamedTuple):
    """Where state is kept: `sqlite` at `path` (relative to the configuration), `kubernetes`, or `auto`."""

    backend: str = "auto"
    path: str = ""


class IngestSettings(NamedTuple):
    """How raw files are taken in."""

    on_conflict: OnConflict = OnConflict.RAW_WINS
    partial: bool = False
    archive_copies: bool = False
    layout_roots: tuple[str, ...] = ()


class NotifySettings(NamedTuple):
    """Who is told when a fabric's status changes: an address, and the secret that signs what is sent to it.

    An address in the environment is a secret itself. The secret is in the environment or in a file, never here.
    """

    url: str = ""
    url_env: str = ""
    secret_env: str = ""
    secret_file: str = ""


class Fabric(NamedTuple):
    """One fabric of the configuration. `directory` is relative to the repository's root, canonical form.

    `ignores` are its own suppressions and those that hold for every fabric; `notify` is its own, else the one for all.
    """

    name: str
    directory: str
    sync: SyncSettings = SyncSettings()
    cluster: ClusterSettings | None = None
    netbox: NetboxSettings | None = None
    authority: Mapping[str, Authority] = _GIT_DECIDES
    on_missing: OnMissing = OnMissing.ASK
    prune: PruneSettings = PruneSettings()
    state: StateSettings = StateSettings()
    ingest: IngestSettings = IngestSettings()
    constants: FabricConstants = FabricConstants()
    ignores: tuple[IgnoreEntry, ...] = ()
    notify: NotifySettings | None = None
    config_digest: str = ""

    @property
    def sides(self) -> tuple[SideName, ...]:
        """The target sides that the fabric names, in the order in which they are written."""
        named = ((SideName.CLUSTER, self.cluster), (SideName.NETBOX, self.netbox))
        return tuple(side for side, settings in named if settings is not None)


class GitSettings(NamedTuple):
    """The repository's remote and branch; an empty branch means the one that is checked out."""

    remote: str = "origin"
    branch: str = ""


class Settings(NamedTuple):
    """One configuration file: the repository and its fabrics. `root` is the absolute path of its directory.

    `schemas` is the directory of a refreshed release, relative to `root`; empty for the one that ships.
    `ignores` are the suppressions that hold for every fabric.
    """

    root: str
    schemas: str = ""
    git: GitSettings = GitSettings()
    limits: Limits = Limits()
    fabrics: tuple[Fabric, ...] = ()
    ignores: tuple[IgnoreEntry, ...] = ()
    warnings: tuple[Finding, ...] = ()
