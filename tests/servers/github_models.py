"""Answers of GitHub's API, built with the types that githubkit makes from GitHub's published description.

What a test does not say is filled in by type, so that every answer is whole and of the form that GitHub promises.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin

from githubkit_schemas.latest.models import (
    Artifact,
    BasicError,
    DiffEntry,
    Issue,
    IssueComment,
    PrivateUser,
    PullRequestSimple,
    ReposOwnerRepoActionsArtifactsGetResponse200,
    ValidationError,
    WorkflowRun,
)
from pydantic import BaseModel

INSTANT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def answer(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of this type with these fields, as JSON; an error if GitHub would never give such a one."""
    made = model.model_validate(_filled(model, given))
    value: dict[str, Any] = made.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return value


def _filled(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are given, and those that must be there, down to the last one."""
    value = dict(given)
    for name, field in model.model_fields.items():
        alias = field.alias or name
        below = value.get(alias)
        inner = _model_in(field.annotation)
        if inner is not None and isinstance(below, Mapping):
            value[alias] = _filled(inner, below)
        elif inner is not None and isinstance(below, list):
            value[alias] = [_filled(inner, each) for each in below]
        elif field.is_required() and alias not in value:
            value[alias] = _sample(field.annotation, name)
    return value


def _sample(annotation: Any, name: str) -> Any:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return None if type(None) in inside else _sample(inside[0], name)
    if origin is Literal:
        return inside[0]
    if origin is list:
        return []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _filled(annotation, {})
    plain: dict[Any, Any] = {int: 1, bool: False, datetime: INSTANT, float: 1.0, type(None): None}
    return plain.get(annotation, f"https://github.test/{name}" if "url" in name else name)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)


__all__ = [
    "Artifact",
    "BasicError",
    "DiffEntry",
    "Issue",
    "IssueComment",
    "PrivateUser",
    "PullRequestSimple",
    "ReposOwnerRepoActionsArtifactsGetResponse200",
    "ValidationError",
    "WorkflowRun",
    "answer",
]
