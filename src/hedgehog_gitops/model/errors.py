"""Errors: the work cannot go on. Each carries data, words itself, and survives pickling."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding


class HedgehogGitopsError(Exception):
    """Base of every error this package raises on purpose."""


class UsageError(HedgehogGitopsError):
    """The command line or an argument makes no sense."""


class SettingsError(HedgehogGitopsError):
    """The configuration cannot be used; `findings` say where."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return "; ".join(f"{f.origin.path}:{f.origin.line}: {f.message}" for f in self.findings)


class UnreachableError(HedgehogGitopsError):
    """A side cannot be read or written at all: no answer, no permission, no such remote."""

    def __init__(self, side: str, reason: str, advice: str = "") -> None:
        super().__init__(side, reason, advice)
        self.side = side
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.side}: {self.reason}" + (f"; {self.advice}" if self.advice else "")


class ForgeError(HedgehogGitopsError):
    """The service that hosts the repository refuses a request, or does not answer. `status` is HTTP's, or 0."""

    def __init__(self, what: str, status: int, reason: str) -> None:
        super().__init__(what, status, reason)
        self.what = what
        self.status = status
        self.reason = reason

    def __str__(self) -> str:
        said = f" ({self.status})" if self.status else ""
        return f"GitHub: {self.what} was refused{said}: {self.reason}"


class PushRejectedError(HedgehogGitopsError):
    """The remote branch moved while a commit was being made."""

    def __init__(self, branch: str, expected: str) -> None:
        super().__init__(branch, expected)
        self.branch = branch
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.branch} is no longer at {self.expected[:12]}; fetch and try again"


class FileMovedError(HedgehogGitopsError):
    """A file on disk changed between reading and writing it; nothing was written."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} changed while it was being worked on; nothing was written, run the command again"


class StalePlanError(HedgehogGitopsError):
    """The live side, the revision or the configuration moved after the plan was made."""

    def __init__(self, what: str, planned: str, found: str) -> None:
        super().__init__(what, planned, found)
        self.what = what
        self.planned = planned
        self.found = found

    def __str__(self) -> str:
        return f"the plan was made for {self.what} {self.planned}, but it is {self.found} now; make a new plan"


class NotApprovedError(HedgehogGitopsError):
    """Nobody has approved a plan of this fabric for this commit."""

    def __init__(self, fabric: str, reason: str) -> None:
        super().__init__(fabric, reason)
        self.fabric = fabric
        self.reason = reason

    def __str__(self) -> str:
        return f"no approved plan: {self.reason}; plan in a pull request, or apply any plan with `approval: none`"


class LockHeldError(HedgehogGitopsError):
    """Another run holds the fabric's lock."""

    def __init__(self, fabric: str, holder: str, run_id: str, expires_at: str) -> None:
        super().__init__(fabric, holder, run_id, expires_at)
        self.fabric = fabric
        self.holder = holder
        self.run_id = run_id
        self.expires_at = expires_at

    def __str__(self) -> str:
        return f"{self.fabric}: run {self.run_id} of {self.holder} holds the lock until {self.expires_at}"


class LeaseLostError(HedgehogGitopsError):
    """This run's lease expired or was taken over: it writes nothing more."""

    def __init__(self, fabric: str, run_id: str) -> None:
        super().__init__(fabric, run_id)
        self.fabric = fabric
        self.run_id = run_id

    def __str__(self) -> str:
        return f"{self.fabric}: run {self.run_id} lost its lock; nothing more was written"


class RunTooLongError(HedgehogGitopsError):
    """A run took longer than a worker may give it."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"the run took longer than {self.seconds} s; see what hangs, or allow more by `schedule --run-seconds`"


class NotRepresentableError(HedgehogGitopsError):
    """A document's text could not be changed to read as the value that it should have."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f"the document that begins {self.text!r} cannot be rewritten safely; edit it by hand"


class StateError(HedgehogGitopsError):
    """The memory between runs cannot be used."""

    def __init__(self, path: str, reason: str, advice: str = "move the file away") -> None:
        super().__init__(path, reason, advice)
        self.path = path
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.advice} to start anew (what is ours is found again)"
