"""A certificate authority of one's own, and a certificate by it for 127.0.0.1."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Files in PEM form: who is to be trusted, and what a server on loopback shows."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(directory: Path) -> Certificates:
    """Fresh ones, worth nothing after a day."""
    directory.mkdir(parents=True, exist_ok=True)
    authority, authority_key = directory / "ca.crt", directory / "ca.key"
    certificate, key = directory / "server.crt", directory / "server.key"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    _openssl(*made, "-subj", "/CN=test authority", "-keyout", str(authority_key), "-out", str(authority))
    signed = ["-CA", str(authority), "-CAkey", str(authority_key), "-addext", "subjectAltName=IP:127.0.0.1"]
    signed += ["-addext", "basicConstraints=critical,CA:FALSE"]
    _openssl(*made, "-subj", "/CN=127.0.0.1", *signed, "-keyout", str(key), "-out", str(certificate))
    return Certificates(authority=authority, certificate=certificate, key=key)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
