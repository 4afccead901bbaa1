"""A plan as JSON, `hedgehog-gitops/plan/v1`, and back: stable, deterministic, without loss."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hedgehog_gitops.core.saved_finding import finding_from, finding_value
from hedgehog_gitops.model.errors import StalePlanError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName, doubt_of
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.plan import (
    MISSING,
    Action,
    Author,
    Beside,
    Change,
    FieldChange,
    FieldValue,
    HeldBack,
    Missing,
    Plan,
    PlanOptions,
    Precondition,
    Verdict,
)
from hedgehog_gitops.model.settings import OnMissing

SCHEMA: Final = "hedgehog-gitops/plan/v1"


def plan_value(plan: Plan) -> JsonObject:
    """The plan as a JSON object. A field that is not there has no entry for that side."""
    return {
        "schema": SCHEMA,
        "id": plan.id,
        "fabric": plan.fabric,
        "revision": plan.revision,
        "config_digest": plan.config_digest,
        "version": plan.version,
        "options": _options(plan.options),
        "changes": [change_value(change) for change in plan.changes],
        "kept": dict(sorted(plan.kept.items())),
        "sides": [{"side": side.value, "kept": dict(sorted(kept.items()))} for side, kept in plan.sides.items()],
        "conflicts": [_held(held) for held in plan.conflicts],
        "blocked": [_held(held) for held in plan.blocked],
        "withheld": [change_value(change) for change in plan.withheld],
        "waves": [[_key(key) for key in wave] for wave in plan.waves],
        "frozen": [
            {"group": group, "kind": kind, "code": doubt_of(reason), "reason": reason}
            for (group, kind), reason in sorted(plan.frozen.items())
        ],
        "beside": [
            {"side": each.side.value, **_key(each.key), "fields": [_field(field) for field in each.fields]}
            for each in plan.beside
        ],
        "paused": [_held(held) for held in plan.paused],
        "left_out": plan.left_out,
        "findings": [finding_value(finding) for finding in plan.findings],
    }


def why_stale(saved: Plan, made: Plan) -> StalePlanError | None:
    """What has moved since a plan was saved, judged by the same plan made now; None if it still holds."""
    for what, planned, found in (
        ("version of hedgehog-gitops", saved.version, made.version),
        ("configuration", saved.config_digest, made.config_digest),
        ("revision", saved.revision, made.revision),
        ("effect", saved.id, made.id),
    ):
        if planned != found:
            return StalePlanError(f"the {what}", planned, found)
    return None


def asked(saved: Plan, now: PlanOptions) -> PlanOptions:
    """What to apply a saved plan with: as it was made, with the allowance of now; or only what is asked anew."""
    only_allowing = replace(now, allow_deletes="") == PlanOptions()
    return replace(saved.options, allow_deletes=now.allow_deletes) if only_allowing else now


def change_value(change: Change) -> JsonObject:
    """One change as a JSON object."""
    return {
        "side": change.side.value,
        "action": change.action.value,
        "verdict": change.verdict.value,
        **_key(change.key),
        "fields": [_field(field) for field in change.fields],
        "reason": change.reason,
        "precondition": {"version": change.precondition.version, "uid": change.precondition.uid},
        "manifest": change.manifest,
        "blast_radius": [_key(key) for key in change.blast_radius],
        "reached": dict(sorted(change.reached.items())),
        "author": _author(change.author),
    }


def plan_from_value(value: JsonObject) -> Plan:
    """The plan that `plan_value` wrote. ValueError or KeyError if the object is none."""
    if value.get("schema") != SCHEMA:
        raise ValueError(f"{value.get('schema')!r} is not {SCHEMA}")
    return Plan(
        id=as_text(value["id"]),
        fabric=as_text(value["fabric"]),
        revision=as_text(value["revision"]),
        config_digest=as_text(value["config_digest"]),
        version=as_text(value["version"]),
        options=_options_from(as_object(value.get("options"))),
        changes=tuple(_change_from(as_object(each)) for each in as_list(value["changes"])),
        conflicts=tuple(_held_from(as_object(each)) for each in as_list(value["conflicts"])),
        blocked=tuple(_held_from(as_object(each)) for each in as_list(value["blocked"])),
        withheld=tuple(_change_from(as_object(each)) for each in as_list(value["withheld"])),
        kept=_numbers(value["kept"]),
        sides=dict(_side_from(as_object(each)) for each in as_list(value.get("sides"))),
        waves=tuple(tuple(_key_from(as_object(key)) for key in as_list(wave)) for wave in as_list(value["waves"])),
        frozen=dict(_frozen_from(as_object(each)) for each in as_list(value["frozen"])),
        beside=tuple(_beside_from(as_object(each)) for each in as_list(value["beside"])),
        paused=tuple(_held_from(as_object(each)) for each in as_list(value.get("paused"))),
        left_out=value["left_out"] if isinstance(value["left_out"], int) else 0,
        findings=tuple(finding_from(as_object(each)) for each in as_list(value.get("findings"))),
    )


def _key(key: ObjectKey) -> JsonObject:
    return {"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name}


def _author(author: Author | None) -> JsonObject | None:
    if author is None:
        return None
    return {"name": author.name, "commit": author.commit, "time": author.time, "is_shared": author.is_shared}


def _options(options: PlanOptions) -> JsonObject:
    return {
        "adopt": options.adopt,
        "on_missing": None if options.on_missing is None else options.on_missing.value,
        "targets": list(options.targets),
        "excludes": list(options.excludes),
        "strict": options.strict,
    }


def _options_from(value: JsonObject) -> PlanOptions:
    """None of them in a plan that was saved before they were."""
    return PlanOptions(
        adopt=value.get("adopt") is True,
        on_missing=OnMissing(word) if (word := as_text(value.get("on_missing"))) else None,
        targets=tuple(map(as_text, as_list(value.get("targets")))),
        excludes=tuple(map(as_text, as_list(value.get("excludes")))),
        strict=value.get("strict") is True,
    )


def _field(field: FieldChange) -> JsonObject:
    sides = {"base": field.base, "desired": field.desired, "live": field.live}
    values: JsonObject = {name: side for name, side in sides.items() if not isinstance(side, Missing)}
    return {
        "path": path_text(field.path),
        "steps": list(field.path),
        **values,
        "verdict": field.verdict.value,
        "manager": field.manager,
    }


def _held(held: HeldBack) -> JsonObject:
    return {
        "side": held.side.value,
        "verdict": held.verdict.value,
        **_key(held.key),
        "fields": [_field(field) for field in held.fields],
        "reason": held.reason,
    }


def _change_from(value: JsonObject) -> Change:
    precondition = as_object(value["precondition"])
    manifest = value["manifest"]
    return Change(
        side=SideName(as_text(value["side"])),
        action=Action(as_text(value["action"])),
        verdict=Verdict(as_text(value["verdict"])),
        key=_key_from(value),
        fields=_fields_from(value),
        reason=as_text(value["reason"]),
        precondition=Precondition(version=as_text(precondition["version"]), uid=as_text(precondition["uid"])),
        manifest=manifest if isinstance(manifest, dict) else None,
        blast_radius=tuple(_key_from(as_object(key)) for key in as_list(value["blast_radius"])),
        reached={kind: number for kind, number in as_object(value["reached"]).items() if isinstance(number, int)},
        author=_author_from(value.get("author")),
    )


def _author_from(value: Json) -> Author | None:
    if not isinstance(value, dict):
        return None
    name, commit, time = (as_text(value[part]) for part in ("name", "commit", "time"))
    return Author(name=name, commit=commit, time=time, is_shared=value["is_shared"] is True)


def _held_from(value: JsonObject) -> HeldBack:
    return HeldBack(
        side=SideName(as_text(value["side"])),
        verdict=Verdict(as_text(value["verdict"])),
        key=_key_from(value),
        fields=_fields_from(value),
        reason=as_text(value["reason"]),
    )


def _beside_from(value: JsonObject) -> Beside:
    return Beside(side=SideName(as_text(value["side"])), key=_key_from(value), fields=_fields_from(value))


def _fields_from(value: JsonObject) -> tuple[FieldChange, ...]:
    return tuple(_field_from(as_object(field)) for field in as_list(value["fields"]))


def _field_from(value: JsonObject) -> FieldChange:
    def side(name: str) -> FieldValue:
        return value.get(name, MISSING)

    return FieldChange(
        path=_path_from(value["steps"]),
        base=side("base"),
        desired=side("desired"),
        live=side("live"),
        verdict=Verdict(as_text(value["verdict"])),
        manager=as_text(value["manager"]),
    )


def _key_from(value: JsonObject) -> ObjectKey:
    parts = {name: as_text(value[name]) for name in ("group", "kind", "namespace", "name")}
    return ObjectKey(**parts)


def _path_from(value: Json) -> FieldPath:
    return tuple(step for step in as_list(value) if isinstance(step, str | int))


def _side_from(value: JsonObject) -> tuple[SideName, dict[str, int]]:
    return SideName(as_text(value["side"])), _numbers(value.get("kept"))


def _numbers(value: Json) -> dict[str, int]:
    return {name: number for name, number in as_object(value).items() if isinstance(number, int)}


def _frozen_from(value: JsonObject) -> tuple[tuple[str, str], str]:
    return (as_text(value["group"]), as_text(value["kind"])), as_text(value["reason"])
