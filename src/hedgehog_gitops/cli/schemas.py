"""`schema`: the form of each kind, as it ships or as a cluster has it; printed, written to a directory, or compared."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from hedgehog_gitops.adapters.package_profiles import PROFILES_FILE
from hedgehog_gitops.assembly.configuration import configuration_schema
from hedgehog_gitops.assembly.refreshing import (
    definitions_in_files,
    definitions_of_cluster,
    profiles_in_files,
    profiles_of_cluster,
)
from hedgehog_gitops.assembly.releases import release_named
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import note, plain_files, write_result
from hedgehog_gitops.core.bundle import bundle
from hedgehog_gitops.core.crd import crd
from hedgehog_gitops.core.profile_file import profiles_text
from hedgehog_gitops.core.profiles import profile_from_object
from hedgehog_gitops.core.refreshing import Difference, Refreshed, differences, profile_differences, refresh
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.kind import KINDS, Kind, kind_named
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.render.schemas import comparison_json, comparison_text
from hedgehog_gitops.render.text import as_json

Schemas: TypeAlias = Mapping[tuple[str, str], JsonObject]


def schema(args: Namespace) -> int:
    """Print one schema, all of them in a bundle, or definitions; with a source, write or compare a directory."""
    if args.kind == "configuration":
        write_result(args, as_json(configuration_schema()))
        return Exit.DONE
    if args.profiles:
        return _profiles(args)
    refreshed = _refreshed(args)
    if refreshed is None:
        write_result(args, _printed(args, release_named(args.schemas).schemas))
        return Exit.DONE
    if args.check:
        return _check(args, refreshed)
    if not (args.kind or args.bundle or args.crd):
        return _write(args, refreshed)
    write_result(args, _printed(args, refreshed.schemas))
    return Exit.DONE


def _refreshed(args: Namespace) -> Refreshed | None:
    """What the chosen source says; None without one."""
    if not _has_source(args):
        return None
    found = definitions_in_files(args.source) if args.source else definitions_of_cluster(args.config, args.fabric)
    refreshed = refresh(found, release_named(None).schemas)
    if not refreshed.schemas:
        raise UsageError("no definition of a kind of Hedgehog's was found")
    for line in refreshed.unread:
        note(line)
    return refreshed


def _has_source(args: Namespace) -> bool:
    if args.check and not (args.source or args.from_cluster):
        raise UsageError("nothing to compare with: add --from DIR or --from-cluster")
    return bool(args.source or args.from_cluster)


def _printed(args: Namespace, schemas: Schemas) -> str:
    if args.crd:
        kinds = [_kind(args.kind)] if args.kind else [kind_named(*group_kind) for group_kind in schemas]
        return "---\n".join(to_yaml(crd(kind, _of(kind, schemas))) for kind in kinds)
    return as_json(_of(_kind(args.kind), schemas) if args.kind else bundle(schemas))


def _check(args: Namespace, refreshed: Refreshed) -> int:
    found = differences(release_named(args.schemas).schemas, refreshed.schemas)
    return _tell(args, found, len(refreshed.schemas), refreshed.absent)


def _tell(args: Namespace, found: Sequence[Difference], compared: int, absent: Mapping[str, str]) -> int:
    told = (found, compared, absent)
    write_result(args, lambda form: comparison_json(*told) if form == "json" else comparison_text(*told))
    return Exit.FAILED if found else Exit.DONE


def _write(args: Namespace, refreshed: Refreshed) -> int:
    directory = _directory(args)
    for group_kind, made in refreshed.schemas.items():
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        (directory / f"{kind_named(*group_kind).plural}.json").write_text(text, encoding="utf-8")
    note(f"{len(refreshed.schemas)} schemas written to {directory}")
    for kind, reason in refreshed.absent.items():
        note(f"not written: {kind}, {reason}")
    return Exit.DONE


def _directory(args: Namespace) -> Path:
    named = plain_files(args)
    if len(named) != 1:
        raise UsageError("name the directory to write to: -o DIR (or a KIND, --bundle or --crd to print)")
    directory = Path(named[0])
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _profiles(args: Namespace) -> int:
    """The switch profiles in place of the schemas, in the compact form that ships."""
    known = release_named(args.schemas).profiles
    if not _has_source(args):
        write_result(args, profiles_text("hedgehog-gitops schema --profiles", known.values()))
        return Exit.DONE
    objects = profiles_in_files(args.source) if args.source else profiles_of_cluster(args.config, args.fabric)
    found = {profile.name: profile for profile in map(profile_from_object, objects)}
    if args.check:
        return _tell(args, profile_differences(known, found), len(found), {})
    file = _directory(args) / PROFILES_FILE
    file.write_text(profiles_text("SwitchProfile objects", found.values()), encoding="utf-8")
    note(f"{len(found)} switch profiles written to {file}")
    return Exit.DONE


def _of(kind: Kind, schemas: Schemas) -> JsonObject:
    if found := schemas.get((kind.group, kind.kind)):
        return found
    raise UsageError(f"{kind.kind} is not among what was found")


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if name.lower() in (kind.kind.lower(), kind.plural, *kind.short_names):
            return kind
    raise UsageError(f"no kind {name!r}; there are {', '.join(kind.kind for kind in KINDS)}")
