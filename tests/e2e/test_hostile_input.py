"""Damaged files never make anything but findings, and never cost more than one GiB of memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "hostile.py"


def test_a_thousand_damaged_files_end_in_findings_within_a_gibibyte() -> None:
    done = subprocess.run([sys.executable, PROGRAM, "--count", "1000"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1000 damaged files judged")
