"""Names that the defaulting webhook makes labels of, and that are no labels.

The fabric's own checks do not notice; the API server refuses the object that refers to the name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from hedgehog_gitops.core.references import references
from hedgehog_gitops.core.rules import lint_rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_text

_LONGEST = 63
_ATTACHMENT = "VPCAttachment"
_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?\Z")
_LABELLED = frozenset({"Switch", "Server", "SwitchGroup", "VLANNamespace", "Connection"})
"""The kinds whose names become labels of others; those of VPC, External and IPv4Namespace are short by themselves."""


def label_limits(stored: Stored, settled: Container[str] = ()) -> Iterator[tuple[ObjectKey, Fault]]:
    """The references to names that are too long for a label, and the subnets of attachments that are no label.

    Nothing is wrong with the subnets where attachments are `settled`.
    """
    if _ATTACHMENT not in settled:
        yield from ((key, fault) for key, spec in stored.everywhere(_ATTACHMENT) for fault in _subnet(spec))
    long = {key for kind in _LABELLED for key in stored.keys(kind) if len(key.name) > _LONGEST}
    for key, spec in stored.specs.items() if long else ():
        for each in references(key, spec):
            if each.target in long:
                message = f"{each.target.name} has {len(each.target.name)} characters, and becomes a label here"
                hint = f"give {each.target.kind} {each.target.name} a name of at most {_LONGEST} characters"
                other = Other(each.target, ("metadata", "name"))
                yield key, Fault(lint_rules.LABEL_LIMIT, each.field, message, hint, other)


def _subnet(spec: JsonObject) -> Iterator[Fault]:
    _, _, subnet = as_text(spec.get("subnet")).partition("/")
    if _VALUE.match(subnet) is None:
        message = f"the subnet name {subnet!r} becomes a label here, and is none"
        hint = f"name the subnet with at most {_LONGEST} letters, digits, hyphens, underscores and dots"
        yield Fault(lint_rules.LABEL_LIMIT, ("spec", "subnet"), message, hint)
