"""The page of a report of about 5,000 objects in a real browser: until it can be used, and until a filter shows.

    python benchmarks/page.py [--rounds 5]

Printed are medians of what the browser itself measures. It needs chromium and chromium-driver.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from generated_fabric import generate_fabric, texts  # noqa: E402 - found through the line above
from servers.browser import browsing  # noqa: E402 - the same

CONFIGURATION = (
    "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - {name: bench, directory: fabric, cluster: {directory: live}}\n"
)
LOADED = "const [entry] = performance.getEntriesByType('navigation'); return entry.loadEventEnd"
FILTERED = """
const started = performance.now(); filter.text = arguments[0]; applyFilter(); document.body.offsetHeight;
return performance.now() - started"""


def main() -> None:
    """Make the page, open it again and again, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        page = _page(Path(scratch))
        with browsing(Path(scratch) / "profile") as driver:
            loads = [_loaded(driver, page) for _ in range(rounds)]
            count = driver.execute_script("return objects.length")
            filters = [driver.execute_script(FILTERED, text) for text in ("leaf-01", "vpc", "") for _ in range(rounds)]
    print(f"{count} objects")
    print(f"until it can be used    {statistics.median(loads):6.0f} ms  (aim 3000)")
    print(f"until a filter shows    {statistics.median(filters):6.0f} ms  (aim 100)")


def _page(root: Path) -> Path:
    (root / "fabric/raw").mkdir(parents=True)
    (root / "fabric/raw/all.yaml").write_text("---\n".join(texts(generate_fabric(vpcs=950, leaves=112))))
    (root / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "hedgehog_gitops", "--no-progress", "report", "--html", "page.html"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root / "page.html"


def _loaded(driver: Any, page: Path) -> float:
    driver.get(page.as_uri())
    return float(driver.execute_script(LOADED))


if __name__ == "__main__":
    main()
