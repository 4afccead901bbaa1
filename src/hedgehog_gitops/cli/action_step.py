"""One step of a workflow as it is opened: inputs, event, configuration, and the files that the runner gives."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from hedgehog_gitops.assembly.configuration import choose_fabrics, load_settings
from hedgehog_gitops.assembly.workflow import open_forge
from hedgehog_gitops.core.workflow.inputs import inputs_from
from hedgehog_gitops.core.workflow.occasion import occasion_of
from hedgehog_gitops.core.workflow.secrets import named_secrets, where_secrets_are, worth_hiding
from hedgehog_gitops.model.errors import SettingsError, UsageError
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.workflow import Command, Inputs, Occasion, PullRequest, Reason, Trouble
from hedgehog_gitops.ports import Forge
from hedgehog_gitops.render.text import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What there is before the work begins. `trouble`, with its findings, says why it cannot.

    `prefix` is the way from the top of the checkout to the configuration's directory.
    """

    inputs: Inputs
    occasion: Occasion
    env: Mapping[str, str]
    settings: Settings | None = None
    fabrics: tuple[Fabric, ...] = ()
    trouble: Trouble | None = None
    findings: tuple[Finding, ...] = ()
    prefix: str = ""
    pull_request: PullRequest | None = None
    forge: Forge | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that nothing may show."""
        return worth_hiding((self.inputs.token, *named_secrets(self.env), *_configured_secrets(self)))

    @property
    def key(self) -> str:
        """What tells two configurations of one repository apart."""
        return self.prefix or "."


def open_step(env: Mapping[str, str]) -> Step:
    """The step as its environment describes it; never an error, but a trouble to be told."""
    occasion = occasion_of(env, _payload(env))
    step = Step(inputs=Inputs(), occasion=occasion, env=env, pull_request=occasion.pull_request)
    try:
        step = replace(step, inputs=inputs_from(env))
        return _configured(step)
    except SettingsError as error:
        message = f"the configuration has {count(len(error.findings), 'fault')}"
        return replace(step, findings=error.findings, trouble=Trouble(reason=Reason.USAGE, message=message))
    except UsageError as error:
        return replace(step, trouble=Trouble(reason=Reason.USAGE, message=str(error)))


def _configured(step: Step) -> Step:
    if step.inputs.working_directory:
        _enter(step.inputs.working_directory)
    settings = load_settings(step.inputs.config or None)
    return replace(
        step,
        settings=settings,
        fabrics=choose_fabrics(settings, step.inputs.fabrics),
        prefix=_prefix(step.env, settings),
        forge=open_forge(step.inputs, step.occasion) if _asks(step) else None,
    )


def _asks(step: Step) -> bool:
    """True if something is to be asked or told at the service; its client is slow to load."""
    is_read = step.inputs.command is Command.APPLY or bool(step.occasion.after)
    return is_read or step.inputs.comment or (step.inputs.annotations and step.pull_request is not None)


def _configured_secrets(step: Step) -> list[str]:
    """The secrets that the configuration leads to, where they can be read."""
    if step.settings is None:
        return []
    variables, files = where_secrets_are(step.settings)
    found = [step.env.get(name, "") for name in sorted(variables)]
    for name in sorted(files):
        with suppress(OSError):
            found.append((Path(step.settings.root) / name).read_text(encoding="utf-8", errors="replace"))
    return found


def _enter(directory: str) -> None:
    try:
        os.chdir(directory)
    except OSError as error:
        raise UsageError(f"the input working-directory is {directory!r}: {error.strerror}") from error


def _prefix(env: Mapping[str, str], settings: Settings) -> str:
    root, top = Path(settings.root), Path(env.get("GITHUB_WORKSPACE") or settings.root).resolve()
    below = root.relative_to(top).as_posix() if root.is_relative_to(top) else "."
    return "" if below == "." else below


def _payload(env: Mapping[str, str]) -> JsonObject:
    """What the event says; nothing where the runner gives no file, or one that cannot be read."""
    try:
        return as_object(json.loads(Path(env.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
