"""What a NetBox says of itself, of our custom fields, and of the account that a token is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Right(NamedTuple):
    """A verb (view, add, change, delete) on a NetBox kind."""

    verb: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A custom field as NetBox has it, or as it should be; `related` is the kind that one of type object refers to."""

    name: str
    type: str
    kinds: frozenset[str]
    related: str = ""
    filter_logic: str = "exact"
    is_unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NetboxAccess:
    """One look at a NetBox with a token.

    `rights` are those that could be told; `constrained` are kinds of which the account sees only a part. `missing` are
    the slugs of people's objects that the configuration names and NetBox does not have. `visible` counts the fabric's
    objects by kind, as the token sees them.
    """

    version: str
    seconds: float
    account: str = ""
    rights: Mapping[Right, bool] = field(default_factory=dict)
    constrained: frozenset[str] = frozenset()
    fields: Mapping[str, CustomField] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    visible: Mapping[str, int] = field(default_factory=dict)
