"""The inputs of the Action, from the variables that action.yml sets."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.workflow import Approval, Command, FailOn, Inputs

PREFIX = "HEDGEHOG_INPUT_"
_Choice = TypeVar("_Choice", bound=StrEnum)


def inputs_from(env: Mapping[str, str]) -> Inputs:
    """What the workflow asks for; `UsageError` names the input that makes no sense."""

    def text(name: str) -> str:
        return env.get(PREFIX + name.upper().replace("-", "_"), "").strip()

    return Inputs(
        command=_choice("command", text("command") or Command.VALIDATE, Command),
        config=text("config"),
        fabrics=tuple(line.strip() for line in text("fabric").splitlines() if line.strip()),
        fail_on=_fail_on(text("fail-on") or FailOn.ERROR),
        strict=_flag("strict", text("strict") or "false"),
        comment=_flag("comment", text("comment") or "false"),
        annotations=_flag("annotations", text("annotations") or "true"),
        sarif=_flag("sarif", text("sarif") or "false"),
        approval=_choice("approval", text("approval") or Approval.PULL_REQUEST, Approval),
        working_directory=text("working-directory"),
        token=text("token"),
    )


def _fail_on(text: str) -> frozenset[FailOn]:
    return frozenset(_choice("fail-on", part.strip(), FailOn) for part in text.split(","))


def _choice(name: str, text: str, choices: type[_Choice]) -> _Choice:
    for choice in choices:
        if choice.value == text:
            return choice
    raise UsageError(f"the input {name} is {text!r}; it may be {', '.join(choices)}")


def _flag(name: str, text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise UsageError(f"the input {name} is {text!r}; it may be true or false")
    return text.lower() == "true"
