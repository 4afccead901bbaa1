"""The files that a step of a workflow leaves for later ones: results as JSON, saved plans, SARIF, the HTML page."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.cli.action_step import Step
from hedgehog_gitops.core.saved_plan import plan_value
from hedgehog_gitops.core.workflow.approving import ALL_PLANS, artifact_name, plan_file
from hedgehog_gitops.core.workflow.choosing import placed_below
from hedgehog_gitops.core.workflow.secrets import without_secrets
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Plan
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.model.workflow import Found
from hedgehog_gitops.render.findings_json import validation_json
from hedgehog_gitops.render.sync_json import sync_value
from hedgehog_gitops.render.text import as_json


def write_files(step: Step, found: Found, directory: Path) -> dict[str, str]:
    """Write what there is; the paths are the outputs of the step."""
    texts = {"report-json": ("report.json", report_json(found))}
    if step.inputs.sarif:
        texts["sarif-file"] = ("results.sarif", _sarif(found, step.prefix))
    paths = {name: _write(directory / file, text, step) for name, (file, text) in texts.items()}
    return {**paths, **_plans(step, found.plans, directory), **_pages(step, found, directory)}


def report_json(found: Found) -> str:
    """What the command of this name prints with `--format json`."""
    if found.results:
        runs = [sync_value(result) for result in found.results]
        return as_json(runs[0] if len(runs) == 1 else {"schema": "hedgehog-gitops/syncs/v1", "runs": [*runs]})
    if found.plans:
        plans: list[JsonObject] = [plan_value(plan) for plan in found.plans]
        return as_json(plans[0] if len(plans) == 1 else {"schema": "hedgehog-gitops/plans/v1", "plans": [*plans]})
    return validation_json(_validation(found))


def _plans(step: Step, plans: tuple[Plan, ...], directory: Path) -> dict[str, str]:
    """One file a fabric, below a directory that is stored as it is; one path a line."""
    if not plans:
        return {}
    files = [_write(directory / "plans" / plan_file(plan.fabric), as_json(plan_value(plan)), step) for plan in plans]
    names = {plan.fabric for plan in plans}
    return {"plan-file": "\n".join(files), "plan-artifact": artifact_name(*names) if len(names) == 1 else ALL_PLANS}


def _pages(step: Step, found: Found, directory: Path) -> dict[str, str]:
    """One page a fabric, one path a line."""
    if not found.pictures:
        return {}
    from hedgehog_gitops.render.html import page  # noqa: PLC0415 - templates, only for a page
    from hedgehog_gitops.render.report_json import report_value  # noqa: PLC0415 - the same

    pages = [(each.fabric, page(report_value(each))) for each in found.pictures]
    return {"report-html": "\n".join(_write(directory / "pages" / f"{name}.html", text, step) for name, text in pages)}


def _sarif(found: Found, prefix: str) -> str:
    """Code scanning counts paths from the top of the repository."""
    from hedgehog_gitops.render.sarif import validation_sarif  # noqa: PLC0415 - only where it is asked for

    validation = _validation(found)
    return validation_sarif(validation._replace(findings=placed_below(prefix, validation.findings), root=""))


def _validation(found: Found) -> Validation:
    if found.validation is not None:
        return found.validation
    return Validation(findings=found.findings, summary=summarize(found.findings, files=0, documents=0, objects=0))


def _write(file: Path, text: str, step: Step) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(without_secrets(text, step.secrets), encoding="utf-8", errors="backslashreplace")
    return str(file)
