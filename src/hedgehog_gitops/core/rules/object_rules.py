"""Rules about who an object is: its apiVersion, kind, name and namespace."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

NOT_A_MAPPING = Rule(
    id="OBJECT-001",
    severity=Severity.ERROR,
    title="a document is a mapping",
    explanation="A Kubernetes object is a mapping with apiVersion, kind and metadata. A list or a bare value at the "
    "top of a document is none. Several objects go into several documents, or into a `List`.",
    example="- apiVersion: vpc.githedgehog.com/v1beta1\n  kind: VPC",
)
NO_API_VERSION = Rule(
    id="OBJECT-002",
    severity=Severity.ERROR,
    title="an object says its apiVersion",
    explanation="Without `apiVersion: group/version` nobody can tell whose kind it is.",
    example="kind: VPC\nmetadata: {name: vpc-1}",
)
NO_KIND = Rule(
    id="OBJECT-003",
    severity=Severity.ERROR,
    title="an object says its kind",
    explanation="`kind` is a text and names one kind of the group in apiVersion, with the same capitals.",
    example="apiVersion: vpc.githedgehog.com/v1beta1\nmetadata: {name: vpc-1}",
)
NO_NAME = Rule(
    id="OBJECT-004",
    severity=Severity.ERROR,
    title="an object has a name",
    explanation="`metadata.name` is a text. A name that YAML reads as a number or a truth value needs quotes; "
    "`generateName` makes no sense in git, where each object has one file.",
    example="apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: 100}",
    also=("SCH-006",),
)
UNKNOWN_KIND = Rule(
    id="OBJECT-005",
    severity=Severity.ERROR,
    title="the kind is one that Hedgehog has",
    explanation="The group belongs to Hedgehog, but it has no such kind. Kinds are written with capitals as in "
    "`VPCAttachment`.",
    example="apiVersion: vpc.githedgehog.com/v1beta1\nkind: Vpc\nmetadata: {name: vpc-1}",
    also=("META-006",),
)
UNKNOWN_VERSION = Rule(
    id="OBJECT-006",
    severity=Severity.ERROR,
    title="the version is one that the kind has",
    explanation="The kind exists, but not in this version of its group.",
    example="apiVersion: vpc.githedgehog.com/v1\nkind: VPC\nmetadata: {name: vpc-1}",
    also=("META-006",),
)
CONTROLLER_KIND = Rule(
    id="OBJECT-007",
    severity=Severity.ERROR,
    title="objects of the fabric's controllers stay out of git",
    explanation="The fabric's controllers write this kind. A copy in git would fight them; it is never applied.",
    example="apiVersion: agent.githedgehog.com/v1beta1\nkind: Agent\nmetadata: {name: leaf-01}",
    also=("SP-001", "SP-002", "SP-003", "UPD-005", "DEL-008"),
)
INSTALLER_KIND = Rule(
    id="OBJECT-008",
    severity=Severity.NOTICE,
    title="objects of the installer are kept, not managed",
    explanation="Fabricator, ControlNode and FabNode belong to `fab.yaml`, which the installer reads. They are left as "
    "they are and never applied.",
    example="apiVersion: fabricator.githedgehog.com/v1beta1\nkind: Fabricator\nmetadata: {name: default}",
)
SERVER_FIELDS = Rule(
    id="OBJECT-009",
    severity=Severity.NOTICE,
    title="status and server-set metadata are dropped",
    explanation="The API server and the controllers own `status` and fields such as `metadata.uid`. They come along "
    "when an object is copied out of a cluster; `normalize` takes them out.",
    example="apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: vpc-1, uid: 0af0}\nspec: {}",
)
OLDER_VERSION = Rule(
    id="OBJECT-010",
    severity=Severity.NOTICE,
    title="an older version of a kind is rewritten",
    explanation="The older version has the same fields; `normalize` writes the current one.",
    example="apiVersion: vpc.githedgehog.com/v1alpha2\nkind: VPC\nmetadata: {name: vpc-1}\nspec: {}",
)
SPEC_NOT_A_MAPPING = Rule(
    id="OBJECT-011",
    severity=Severity.ERROR,
    title="spec is a mapping",
    explanation="`spec` may be empty (`{}`), but it is never a list or a bare value.",
    example="apiVersion: wiring.githedgehog.com/v1beta1\nkind: SwitchGroup\nmetadata: {name: mclag-1}\nspec: []",
)
FOREIGN_LOOKALIKE = Rule(
    id="OBJECT-012",
    severity=Severity.WARNING,
    title="a group that only looks like one of Hedgehog's is foreign",
    explanation="Groups are matched exactly. An object of `vpc.hedgehog.io` is not managed; if a Hedgehog object was "
    "meant, correct the group.",
    example="apiVersion: vpc.hedgehog.io/v1beta1\nkind: VPC\nmetadata: {name: vpc-1}",
)
BAD_NAMESPACE = Rule(
    id="OBJECT-013",
    severity=Severity.ERROR,
    title="a namespace is a DNS label",
    explanation="At most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
    example="metadata: {name: vpc-1, namespace: My_Lab}",
)
NAME_SYNTAX = Rule(
    id="META-001",
    severity=Severity.ERROR,
    title="a name is a lower-case DNS subdomain",
    explanation="Lower-case letters, digits, hyphens and dots; each part between dots starts and ends with a letter "
    "or digit.",
    example="metadata: {name: VPC_1}",
    also=("VLANNS-001", "SG-001", "SRV-001", "SRVP-001", "SW-001", "CONN-001", "IPNS-001", "EXT-001", "VPEER-001"),
)
NAME_LENGTH = Rule(
    id="META-002",
    severity=Severity.ERROR,
    title="a name has at most 253 characters",
    explanation="The API server refuses longer names.",
    also=("VLANNS-001", "SG-001", "SRV-001", "SRVP-001", "SW-001", "CONN-001", "IPNS-001", "EXT-001", "VPEER-001"),
)
SHORT_NAME = Rule(
    id="META-003",
    severity=Severity.ERROR,
    title="VPC, External and IPv4Namespace names have at most 11 characters",
    explanation="The name becomes part of an interface name on the switches, which has little room.",
    example="kind: VPC\nmetadata: {name: engineering-1}",
    also=("IPNS-001", "EXT-001"),
)
NAMESPACE_NOT_DEFAULT = Rule(
    id="META-004",
    severity=Severity.ERROR,
    title="Hedgehog objects live in the namespace default",
    explanation="The admission of the fabric refuses its kinds in any other namespace. Leave `metadata.namespace` out.",
    example="metadata: {name: vpc-1, namespace: lab}",
    also=("VLANNS-001", "SG-001", "SRV-001", "SRVP-001", "SW-001", "CONN-001", "IPNS-001", "EXT-001", "VPEER-001"),
)
DUPLICATE_IDENTITY = Rule(
    id="LINT-DUPLICATE",
    severity=Severity.WARNING,
    title="an object is written once",
    explanation="Two documents describe the same object. The cluster would keep whichever is applied last; `hhfab` "
    "refuses the set. Keep one of them.",
)

RULES: tuple[Rule, ...] = (
    NOT_A_MAPPING,
    NO_API_VERSION,
    NO_KIND,
    NO_NAME,
    UNKNOWN_KIND,
    UNKNOWN_VERSION,
    CONTROLLER_KIND,
    INSTALLER_KIND,
    SERVER_FIELDS,
    OLDER_VERSION,
    SPEC_NOT_A_MAPPING,
    FOREIGN_LOOKALIKE,
    BAD_NAMESPACE,
    NAME_SYNTAX,
    NAME_LENGTH,
    SHORT_NAME,
    NAMESPACE_NOT_DEFAULT,
    DUPLICATE_IDENTITY,
)
