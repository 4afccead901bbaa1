"""A small interpreter of composite actions: it runs the real steps of an action.yml with bash, as the runner would.

Stricter than GitHub: what would be cut off or dropped silently there is an error here.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.workflow_commands import LONGEST_SUMMARY, Heard, LimitError, hear, outputs_in
from hedgehog_gitops.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
EXPRESSION = re.compile(r"\$\{\{\s*(?P<name>[A-Za-z_.-]+)\s*\}\}")
CONDITION = re.compile(r"(?P<name>[A-Za-z_.-]+) != ''")
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
INSTALLING = ("Prepare", "Install this checkout of hedgehog-gitops")


@dataclass(frozen=True)
class Ran:
    """How an action ended: its exit code, its whole log as it was written, and what the runner made of it."""

    code: int
    raw: str
    heard: Heard
    outputs: dict[str, str]
    summary: str
    used: tuple[str, ...] = ()

    @property
    def log(self) -> str:
        return self.heard.log


@dataclass(frozen=True)
class Event:
    """What a workflow runs for: the name of the event, its payload, and what the runner says beside."""

    name: str = "push"
    payload: dict[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Action:
    """An action on a runner: its definition, and the directories the runner gives it."""

    directory: Path
    workspace: Path
    temp: Path
    token: str = ""

    @property
    def definition(self) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.safe_load((self.directory / "action.yml").read_text(encoding="utf-8"))
        return loaded

    @property
    def inputs(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = self.definition["inputs"]
        return found

    @property
    def steps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.definition["runs"]["steps"]
        return found

    def run(self, event: Event | None = None, **given: str) -> Ran:
        """Run the action as it is installed already. `given` are its inputs, with _ for -."""
        return self.run_with({name.replace("_", "-"): value for name, value in given.items()}, event)

    def run_with(
        self, given: Mapping[str, str], event: Event | None = None, *, without: tuple[str, ...] = INSTALLING
    ) -> Ran:
        """Run the action with these inputs; `without` are names of steps to be left out."""
        if unknown := given.keys() - self.inputs.keys():
            raise LimitError(f"no such input: {unknown}")
        steps = [step for step in self.steps if step["name"] not in without]
        return _Run(self, event or Event(), given).through(steps)

    def start(self, script: str, env: Mapping[str, str]) -> tuple[int, str]:
        """Run a script with bash: its exit code, and its log."""
        file = self.temp / "step.sh"
        file.write_text(script, encoding="utf-8")
        done = subprocess.run(
            [*BASH, str(file)],
            cwd=self.workspace,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        return done.returncode, done.stdout


@dataclass(frozen=True)
class QuickAction(Action):
    """The same in this process, where many runs follow each other: nothing is loaded anew."""

    def start(self, script: str, env: Mapping[str, str]) -> tuple[int, str]:
        """Do what the script says, which is to run the command."""
        assert script.strip() == '"$HEDGEHOG_HOME/venv/bin/hedgehog-gitops" action'
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
            for name in os.environ.keys() - env.keys():
                patch.delenv(name)
            for name, value in env.items():
                patch.setenv(name, value)
            patch.chdir(self.workspace)
            return main(["action"]), said.getvalue()


@dataclass
class _Run:
    """One run of an action, step by step."""

    action: Action
    event: Event
    given: Mapping[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    def through(self, steps: list[dict[str, Any]]) -> Ran:
        """Run the steps until one fails."""
        logs, code, summary = [], 0, b""
        for number, step in enumerate(steps):
            if code or not self._wanted(step):
                continue
            if "uses" in step:
                self.used.append(step["uses"])
                continue
            code, log, said = self._script(number, step)
            logs.append(log)
            summary += said
        text = "".join(logs)
        return Ran(code, text, hear(text), self._results(), summary.decode(), tuple(self.used))

    def _script(self, number: int, step: dict[str, Any]) -> tuple[int, str, bytes]:
        files = {name: self.action.temp / f"{name}-{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        others = {name: self.action.temp / f"{name}-{number}" for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")}
        for file in (*files.values(), *others.values()):
            file.write_bytes(b"")
        env = {name: self._filled(text) for name, text in step.get("env", {}).items()}
        given = {**self._machine(), **{name: str(file) for name, file in (files | others).items()}, **env}
        code, log = self.action.start(step["run"], given)
        self.outputs[step.get("id", "")] = outputs_in(files["GITHUB_OUTPUT"].read_text())
        if any(file.read_bytes() for file in others.values()):
            raise LimitError("the environment of later steps was written")
        summary = files["GITHUB_STEP_SUMMARY"].read_bytes()
        if len(summary) >= LONGEST_SUMMARY:
            raise LimitError(f"a summary of {len(summary)} bytes is dropped whole")
        return code, log, summary

    def _results(self) -> dict[str, str]:
        """The outputs of the action, as it declares them; one that no step wrote is a mistake in the declaration."""
        declared = self.action.definition.get("outputs", {})
        if "run" not in self.outputs:
            return {}
        written = set(self.outputs["run"])
        if undeclared := written - declared.keys():
            raise LimitError(f"outputs that nobody can read: {undeclared}")
        return {name: self._filled(each["value"]) for name, each in declared.items()}

    def _wanted(self, step: dict[str, Any]) -> bool:
        if "if" not in step:
            return True
        found = CONDITION.fullmatch(step["if"])
        assert found, f"a condition that this interpreter does not know: {step['if']}"
        return self._value(found["name"]) != ""

    def _filled(self, text: str) -> str:
        return EXPRESSION.sub(lambda match: self._value(match["name"]), text)

    def _value(self, name: str) -> str:
        where, _, rest = name.partition(".")
        if where == "inputs":
            return self.given.get(rest, self._filled(self.action.inputs[rest]["default"]))
        if where == "steps":
            step, _, output = rest.partition(".outputs.")
            return self.outputs[step][output]
        return self._known()[name]

    def _known(self) -> dict[str, str]:
        return {
            "github.action_path": str(self.action.directory),
            "github.token": self.action.token,
            "runner.temp": str(self.action.temp),
            "runner.os": "Linux",
            "runner.arch": "X64",
        }

    def _machine(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "UV_PROJECT"))}
        event = self.action.temp / "event.json"
        event.write_text(json.dumps(self.event.payload), encoding="utf-8")
        return {
            **ours,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event.name,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_WORKSPACE": str(self.action.workspace),
            "RUNNER_TEMP": str(self.action.temp),
            **self.event.env,
        }


def use_sources(temp: Path) -> Path:
    """Put a command where the action's installing steps put one: it runs the sources of this checkout."""
    command = temp / "hedgehog-gitops/venv/bin/hedgehog-gitops"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}/src" exec "{sys.executable}" -m hedgehog_gitops "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return temp
