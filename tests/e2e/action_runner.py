"""A small interpreter of a composite action: it runs the real steps of action.yml with bash, as the runner would."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(?P<name>[a-z_.]+)\s*\}\}")
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


@dataclass(frozen=True)
class StepEnded:
    """How a step ended; `out` is its log, both streams together."""

    code: int
    out: str


@dataclass(frozen=True)
class Action:
    """An action on a runner: its definition, and the directories the runner gives it."""

    directory: Path
    workspace: Path
    temp: Path

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

    def run(self, step: dict[str, Any], given: Mapping[str, str]) -> StepEnded:
        """One step with these inputs. Expressions are filled into `env` only: nowhere else may one stand."""
        script = self.temp / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(
            [*BASH, str(script)],
            cwd=self.workspace,
            env={**self._machine(), **self._filled(step.get("env", {}), given)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        return StepEnded(done.returncode, done.stdout)

    def _machine(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "UV_PROJECT"))}
        return {
            **ours,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
        }

    def _filled(self, env: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
        values = {f"inputs.{name}": given.get(name, each["default"]) for name, each in self.inputs.items()}
        values |= {"github.action_path": str(self.directory), "runner.temp": str(self.temp)}
        return {name: EXPRESSION.sub(lambda match: values[match["name"]], text) for name, text in env.items()}
