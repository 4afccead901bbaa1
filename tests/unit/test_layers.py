"""The walls of the house: one home for each client library, fast starts, every module importable by itself."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import hedgehog_gitops

SOURCE = Path(hedgehog_gitops.__file__).parent
HOMES = {
    "git": ("adapters/git/",),
    "github": ("adapters/github/",),
    "kubernetes": ("adapters/kubernetes/",),
    "urllib3": ("adapters/kubernetes/", "adapters/netbox/"),  # there it is what carries requests
    "requests": ("adapters/github/", "adapters/netbox/"),
    "rich": ("adapters/progress.py",),
    "sqlite3": ("adapters/sqlite_state.py",),
    "pynetbox": ("adapters/netbox/",),
    "redis": ("adapters/rq_queue.py",),
    "rq": ("adapters/rq_queue.py",),
    "ruamel": ("core/writing/editing.py",),
    "yaml": ("core/reading/events.py", "core/writing/emitting.py", "adapters/kubernetes/plain_kubeconfig.py"),
    "jsonschema": ("core/explaining.py", "settings/judge.py"),
    "jsonschema_rs": ("core/schema.py", "settings/judge.py"),
}
SLOW = (
    "kubernetes",
    "pynetbox",
    "git",
    "github",
    "jsonschema",
    "redis",
    "requests",
    "rich",
    "rq",
    "ruamel",
    "sqlite3",
    "urllib3",
)
VPC = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {name: one}
spec: {}
"""


@cache
def imported() -> dict[str, set[str]]:
    """The top packages that each file names anywhere in it."""
    return {file.relative_to(SOURCE).as_posix(): set(imports(file)) for file in SOURCE.rglob("*.py")}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("client", HOMES)
def test_each_client_library_has_one_home(client: str) -> None:
    users = {file for file, found in imported().items() if client in found}
    strangers = {user for user in users if not user.startswith(HOMES[client] or ("nowhere",))}
    assert not strangers


def loaded(*arguments: str) -> set[str]:
    """The slow modules that a fresh interpreter has after a command."""
    code = (
        "import sys\nfrom hedgehog_gitops.cli.main import main\n"
        f"code = main({list(arguments)!r})\n"
        f"print('LOADED', code, *[name for name in {SLOW!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    last = done.stdout.splitlines()[-1].split()
    assert last[:2] == ["LOADED", "0"], done.stdout + done.stderr
    return set(last[2:])


def test_help_loads_no_client() -> None:
    assert loaded("--help") == set()


def test_validating_a_good_file_loads_no_client(tmp_path: Path) -> None:
    file = tmp_path / "server.yaml"
    file.write_text(VPC)
    assert loaded("validate", str(file)) == set()


MODULES = {"hedgehog_gitops", *(each.name for each in pkgutil.walk_packages([str(SOURCE)], "hedgehog_gitops."))}

ALONE = """
import gc, importlib, os, sys, traceback
gc.disable()  # there are dozens of short lives
for library in ("argparse", "dataclasses", "git", "hashlib", "json", "logging", "rq", "sqlite3", "typing", "yaml"):
    importlib.import_module(library)
assert not [name for name in sys.modules if name.startswith("hedgehog_gitops")]
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            importlib.import_module(name)
        except BaseException:
            print(name, traceback.format_exc(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def file_of(module: str) -> Path:
    path = SOURCE.parent.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def run_on_import(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What is executed when a module is imported: everything outside of functions."""
    for node in nodes:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from run_on_import(ast.iter_child_nodes(node))


def needed(module: str) -> set[str]:
    """The modules that must be ready before a module of ours is: those it names, and the packages around them.

    The packages around itself are only begun by then, which is why it may name nothing of theirs but their modules.
    """
    named: set[str] = set()
    for node in run_on_import(ast.parse(file_of(module).read_text()).body):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{module} imports relatively"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            named |= inside & MODULES if inside <= MODULES else {node.module, *(inside & MODULES)}
    around = {".".join(name.split(".")[:size]) for name in named for size in range(1, name.count(".") + 1)}
    return (named | {name for name in around if not f"{module}.".startswith(f"{name}.")}) & MODULES - {module}


def test_b40_no_module_leads_back_to_itself_and_so_each_can_be_imported_alone() -> None:
    """The origin's import cycle cannot come back: in the order found here each module finds ready what it names."""
    order = list(TopologicalSorter({module: needed(module) for module in MODULES}).static_order())
    assert set(order) == MODULES
    for module in order:
        if not module.endswith("__main__"):
            import_module(module)


def test_b40_every_package_can_be_imported_alone() -> None:
    """The same tried out: each package, and what it is made of, in a process that has loaded none of the others."""
    packages = sorted(module for module in MODULES if file_of(module).name == "__init__.py")
    done = subprocess.run([sys.executable, "-c", ALONE, *packages], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_public_name_is_there() -> None:
    assert all(getattr(hedgehog_gitops, name) is not None for name in hedgehog_gitops.__all__)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = hedgehog_gitops.nonsense
