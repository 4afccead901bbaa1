"""Rules about the configuration file."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

CONFIG_EMPTY = Rule(
    id="CONFIG-001",
    severity=Severity.ERROR,
    title="the configuration is one document",
    explanation="`hedgehog-gitops.yaml` holds exactly one YAML document with `apiVersion` and `fabrics`.",
)
CONFIG_SHAPE = Rule(
    id="CONFIG-002",
    severity=Severity.ERROR,
    title="every key of the configuration is known and has the right form",
    explanation="A misspelled key would silently do nothing, so it is refused. `schemas/configuration.json` lists "
    "all keys; editors that know JSON Schema complete them.",
    example="fabrics:\n  - name: prod\n    directroy: fabrics/prod",
)
CONFIG_SECRET = Rule(
    id="CONFIG-003",
    severity=Severity.ERROR,
    title="no secret stands in the configuration",
    explanation="The configuration lies in git. Name an environment variable (`token_env`) or a file (`token_file`) "
    "that holds the secret, and revoke one that has been committed.",
    example="netbox: {url: https://netbox.example, token: 0123456789abcdef}",
)
CONFIG_NAME = Rule(
    id="CONFIG-004",
    severity=Severity.ERROR,
    title="each fabric has a name of its own",
    explanation="State, locks and reports are kept by the fabric's name.",
)
CONFIG_OVERLAP = Rule(
    id="CONFIG-005",
    severity=Severity.ERROR,
    title="directories of fabrics do not overlap",
    explanation="A directory belongs to one fabric. Equal or nested directories would let one fabric's run change "
    "another's files.",
    example="fabrics:\n  - {name: a, directory: fabrics/a}\n  - {name: b, directory: fabrics/a/b}",
)
CONFIG_CLUSTER = Rule(
    id="CONFIG-006",
    severity=Severity.ERROR,
    title="a cluster is reached in one way",
    explanation="`directory` stands for a cluster on disk; `context`, `kubeconfig` and `in_cluster` name a real one. "
    "Only one of the two can hold. `state: {backend: kubernetes}` keeps the state in a real one.",
)
CONFIG_AUTHORITY = Rule(
    id="CONFIG-008",
    severity=Severity.ERROR,
    title="every authority decides something, and none decides against another",
    explanation="`authority` names kinds and fields of kinds. A name that no kind or field has would silently decide "
    "nothing. A field below one that another side decides, or of a kind that another side decides, cannot be given "
    "to a third.",
    example="authority: {default: git, VPC/spec.subnets: cluster, VPC/spec.subnets.default: git}",
)
CONFIG_FABRICATOR = Rule(
    id="CONFIG-009",
    severity=Severity.ERROR,
    title="the settings of a fabric come from one Fabricator",
    explanation="`settings_from` names the installer's file, `fab.yaml`, from the configuration's directory. It is "
    "read from disk and holds exactly one Fabricator object; other objects of the installer may stand beside it.",
    example="fabrics:\n  - name: prod\n    directory: fabrics/prod\n    settings_from: missing.yaml",
)
CONFIG_NOTIFY = Rule(
    id="CONFIG-010",
    severity=Severity.ERROR,
    title="a notification has one address and one secret",
    explanation="`notify` needs the address (`url`, or `url_env` where the address itself is a secret) and the secret "
    "that signs what is sent (`secret_env` or `secret_file`), each named in one way. Without a signature nobody could "
    "tell our notifications from others.",
    example="notify: {url: https://hooks.example/fabric}",
)
CONFIG_NETBOX = Rule(
    id="CONFIG-011",
    severity=Severity.ERROR,
    title="NetBox is reached in one way, and the fabric has a site there",
    explanation="`url` names a NetBox, and `token_env` or `token_file` where its token is; `file` stands for a NetBox "
    "on disk. Only one of the two can hold. Devices need a `site`: the slug of one that people have made; it is never "
    "made or changed from here.",
    example="netbox: {url: https://netbox.example, site: dc1}",
)

RULES = (
    CONFIG_EMPTY,
    CONFIG_SHAPE,
    CONFIG_SECRET,
    CONFIG_NAME,
    CONFIG_OVERLAP,
    CONFIG_CLUSTER,
    CONFIG_AUTHORITY,
    CONFIG_FABRICATOR,
    CONFIG_NOTIFY,
    CONFIG_NETBOX,
)
