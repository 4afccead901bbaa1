"""Rules of the schema: what strict decoding refuses, and the limits of the CustomResourceDefinitions."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

UNKNOWN_FIELD = Rule(
    id="DECODE-001",
    severity=Severity.ERROR,
    title="every field is known",
    explanation="Strict decoding, kubectl's default, refuses a field that the kind does not have. A "
    "lenient client would "
    "drop it silently, and what was meant would not happen.",
    example="kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.0.1.0/24, vlam: 1001}",
)
WRONG_TYPE = Rule(
    id="DECODE-002",
    severity=Severity.ERROR,
    title="a value has the type of its field",
    explanation="Text in place of a number, or a number in place of text, is refused. Mind what YAML makes of unquoted "
    "words: `on` is a boolean, `5` a number; quote them where text is wanted.",
    example='kind: Switch\nspec:\n  asn: "65101"',
)
WIDTH = Rule(
    id="DECODE-003",
    severity=Severity.ERROR,
    title="a number fits its field",
    explanation="Most numbers are unsigned and of 8, 16 or 32 bits. A negative or larger one is refused.",
    example="kind: VPC\nspec:\n  subnets:\n    default: {vlan: 70000}",
)
LIMITS = Rule(
    id="SCH-000",
    severity=Severity.ERROR,
    title="a value keeps the limits of its definition",
    explanation="The API server refuses an object that breaks a limit of its CustomResourceDefinition.",
)
SWITCH = Rule(
    id="SCH-001",
    severity=Severity.ERROR,
    title="a switch keeps the limits of its definition",
    explanation="`role` is required and one of a few words; `redundancy.type` and `portFECs` are too; link "
    "flap numbers "
    "have bounds. Judged as the object is stored, after defaulting.",
    example="kind: Switch\nspec:\n  role: top-of-rack",
    also=("SW-009", "SW-010"),
)
CONNECTION = Rule(
    id="SCH-002",
    severity=Severity.ERROR,
    title="a connection keeps the limits of its definition",
    explanation="An ESLAG has at least two links, other types at least one; addresses are IPv4 with a prefix length.",
    example="kind: Connection\nspec:\n  fabric:\n    links:\n    - {spine: {port: s1/E1/1, ip: here}}",
    also=("CONN-045",),
)
COUNTS = Rule(
    id="SCH-003",
    severity=Severity.ERROR,
    title="a list has as many entries as its definition allows",
    explanation="VLAN ranges and subnets: 1 to 20. Permits of a peering and their subnets: 1 to 10.",
    also=("VLANNS-005", "VPEER-006"),
)
GATEWAY_WORDS = Rule(
    id="SCH-004",
    severity=Severity.ERROR,
    title="a gateway peering uses the words of its definition",
    explanation="Actions, defaults, scopes and protocols of a gateway peering are each one of a few words.",
)
REQUIRED_SPEC = Rule(
    id="SCH-005",
    severity=Severity.ERROR,
    title="an external attachment has what its definition requires",
    explanation="Statements of an inbound filter need their action, protocol and prefixes.",
)

RULES = (UNKNOWN_FIELD, WRONG_TYPE, WIDTH, LIMITS, SWITCH, CONNECTION, COUNTS, GATEWAY_WORDS, REQUIRED_SPEC)
