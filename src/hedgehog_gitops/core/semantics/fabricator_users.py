"""Users that a Fabricator object sets up. Their hashes are never shown."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.fabricator import CONFIG, at
from hedgehog_gitops.core.rules.fabricator_rules import USERS
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text, path_text

_CONTROL: FieldPath = ("control", "defaultUser")
_SWITCH: FieldPath = ("fabric", "defaultSwitchUsers")
_HASH = "$5$"
_ROLES = ("admin", "operator")
# fmt: off
_SYSTEM = frozenset((
    "adm", "alloy", "audio", "backup", "bin", "cdrom", "crontab", "daemon", "dialout", "dip", "disk", "docker",
    "fax", "floppy", "frr", "games", "gnats", "hhagent", "i2c", "input", "irc", "kmem", "kvm", "list", "lp", "mail",
    "man", "messagebus", "netadmin", "news", "nogroup", "ntp", "operator", "plugdev", "proxy", "redis", "render",
    "root", "sasl", "secadmin", "shadow", "src", "ssh", "staff", "sudo", "sys", "systemd-coredump",
    "systemd-journal", "systemd-network", "systemd-resolve", "systemd-timesync", "tape", "tty", "users", "utmp",
    "uucp", "video", "voice", "www-data",
))
# fmt: on
"""Names that a switch has already."""


def users(config: JsonObject) -> Iterator[Fault]:
    """What is wrong with the control user and the switch users."""
    yield from _credentials(_CONTROL, as_object(at(config, _CONTROL)))
    switch_users = as_object(at(config, _SWITCH))
    if as_object(switch_users.get("admin")).get("role") != "admin":
        yield _at(_SWITCH, "the user admin with the role admin is missing", "add it, with a hash of its own")
    for name, user in switch_users.items():
        field: FieldPath = (*_SWITCH, name)
        if name in _SYSTEM:
            yield _at(field, f"{name!r} is a user of the system", "choose another name")._replace(at_key=True)
        if as_object(user).get("role") not in _ROLES:
            yield _at((*field, "role"), "the role is neither admin nor operator", "use one of the two")
        yield from _credentials(field, as_object(user))


def _credentials(field: FieldPath, user: JsonObject) -> Iterator[Fault]:
    hashed = as_text(user.get("password"))
    if not hashed.startswith(_HASH):
        message = "is no hash of the kind wanted" if hashed else "a password hash is required"
        yield _at((*field, "password"), message, f"a hash begins with {_HASH}: make one with `openssl passwd -5`")
    if user.get("noPassAuth") is True and not as_list(user.get("authorizedKeys")):
        yield _at((*field, "noPassAuth"), "nobody could log in", "add authorized keys")


def _at(field: FieldPath, message: str, hint: str) -> Fault:
    path: FieldPath = (*CONFIG, *field)
    return Fault(USERS, path, f"{path_text(path)}: {message}", hint)
