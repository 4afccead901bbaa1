"""What a use case needs from outside, as Protocols. Adapters implement them; `assembly` picks one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # only named here: whoever uses a port loads what it carries
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from hedgehog_gitops.model.history import FileChange, HistoryStep
    from hedgehog_gitops.model.kind import Kind, ObjectKey
    from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName, WriteOutcome
    from hedgehog_gitops.model.plain import JsonObject
    from hedgehog_gitops.model.plan import Change
    from hedgehog_gitops.model.record import Record
    from hedgehog_gitops.model.remembered import Recollection
    from hedgehog_gitops.model.request import Request
    from hedgehog_gitops.model.state import BaseRecord, Lease, SyncState
    from hedgehog_gitops.model.tree import Published, Tree, TreeEdit
    from hedgehog_gitops.model.workflow import Note, PullRequest


class Source(Protocol):
    """Where the desired files live: the working tree, one commit, or a remote branch."""

    def read(self, directory: str) -> Tree:
        """All files below a directory at the newest revision; `UnreachableError` if that cannot be had."""
        ...

    def publish(self, edits: Sequence[TreeEdit], message: str) -> Published:
        """Write all changes of all edits or none, on top of the bases' revision, as one commit where there are commits.

        Paths of an edit's changes are relative to its `base.directory`. `PushRejectedError` if the branch moved,
        `FileMovedError` if a file did. No changes: nothing is written.
        """
        ...


class History(Protocol):
    """Who changed the desired files, where they are kept in git."""

    def last_changes(self, revision: str, paths: Collection[str]) -> Mapping[str, FileChange]:
        """The last change of each path (from the root) at a tree's revision, in one look.

        A path about which nothing is certain is not in the answer; a history that cannot be read has none.
        """
        ...

    def steps(self, revision: str, directory: str) -> Iterator[HistoryStep]:
        """The commits that changed files below a directory, newest first; what is not committed yet comes before them.

        It ends where something cannot be had, or is too much: there is no gap in it.
        """
        ...


class Memory(Protocol):
    """What a validation remembers between its runs. It may be lost, damaged or another's at any time."""

    def recall(self) -> Recollection:
        """What the last run kept."""
        ...

    def keep(self, found: Recollection) -> None:
        """Remember this for the next run, and nothing else."""
        ...


class Side(Protocol):
    """A target: the cluster, or a directory that stands for one."""

    @property
    def name(self) -> SideName:
        """Which side this is."""
        ...

    def read(self, kinds: Sequence[Kind], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """One look at all objects of these kinds; a kind that could not be read whole is in `unknown`.

        Objects that are `ours` and that a list does not have may be asked for by name: the kind is unknown if one of
        them is there after all, and `proven` if none is. `UnreachableError` when nothing could be read at all.
        """
        ...

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = ...) -> Iterable[WriteOutcome]:
        """Carry out independent changes, concurrently where the target allows; one outcome each, as they come.

        `go_on` is called before each change is sent, from any thread: when it raises, nothing more is sent.
        """
        ...


class Records(Protocol):
    """A target that holds records of a fabric: NetBox, or a file that stands for one."""

    @property
    def name(self) -> SideName:
        """Which side this is."""
        ...

    def read(self, wanted: Sequence[Record], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """One look at everything that is the fabric's, and at whatever is in the place of a wanted record.

        The fabric's own objects have the keys of their marks; others that are natural twins of a wanted record have an
        empty namespace and the name `#<id>`. A kind that could not be read whole is in `unknown`, one that surely has
        none of the fabric's objects left may be in `proven`. `UnreachableError` when nothing could be read at all.
        """
        ...

    def authors(self, objects: Collection[LiveObject]) -> Mapping[ObjectKey, str]:
        """Who changed objects last and when, as people read it; what is not known is left out."""
        ...

    def carried(self, objects: Collection[LiveObject]) -> Mapping[ObjectKey, str]:
        """What hangs on objects of ours, is not ours, and would be lost with them, as people read it.

        An object on which nothing hangs is left out; one of which that is not known is not.
        """
        ...

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = ...) -> Iterable[WriteOutcome]:
        """Carry out the changes of one wave, many in one request; one outcome each, as they come.

        `go_on` is called before each request is sent: when it raises, nothing more is sent.
        """
        ...


class Inventory(Protocol):
    """What we own on the sides, to be looked at."""

    def bases(self, fabric: str, side: SideName) -> Mapping[ObjectKey, BaseRecord]:
        """Everything that we own on a side: base values and inventory in one."""
        ...


class StateStore(Inventory, Protocol):
    """Memory between runs, and the lock."""

    def load(self, fabric: str) -> SyncState:
        """The fabric's state; the default one if there is none yet."""
        ...

    def save(self, lease: Lease, state: SyncState) -> SyncState:
        """Compare-and-set: stores if `state.version` is still the stored one and the lease is still held.

        Returns the state with its new version; `LeaseLostError` otherwise.
        """
        ...

    def acquire(self, fabric: str, holder: str, run_id: str, now: datetime, duration: timedelta) -> Lease:
        """Take the lock, also over an expired lease, and stamp the attempt; `LockHeldError` if another run holds it.

        From here on an earlier holder can store nothing. The state is as `core.attempts.begun` makes it.
        """
        ...

    def renew(self, lease: Lease, now: datetime, duration: timedelta) -> Lease:
        """Extend the lease; `LeaseLostError` if it is no longer ours."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the lock back; nothing happens if it is no longer ours."""
        ...

    def lease(self, fabric: str) -> Lease | None:
        """The lease as stored, expired or not."""
        ...

    def record(self, lease: Lease, records: Sequence[BaseRecord], forget: Sequence[tuple[SideName, ObjectKey]]) -> None:
        """Advance bases after confirmed writes, and forget objects that are gone, in one step."""
        ...


class RunQueue(Protocol):
    """Runs that wait for a worker, at most one for each fabric, and what schedulers share. All of it may be lost."""

    def put(self, request: Request) -> bool:
        """Queue a run; False if one waits or works already."""
        ...

    def ask(self, request: Request) -> None:
        """Note that a run is wanted, until one begins; a later request of the same fabric takes its place."""
        ...

    def requests(self) -> Mapping[str, Request]:
        """The noted request of each fabric that has one."""
        ...

    def drop(self, request: Request) -> None:
        """Forget this request, unless a later one took its place."""
        ...

    def looks(self) -> Mapping[str, datetime]:
        """When each fabric's memory is to be read again."""
        ...

    def remember(self, looks: Mapping[str, datetime]) -> None:
        """Note when these fabrics' memories are to be read again."""
        ...

    def marks(self) -> Mapping[str, str]:
        """What the last tick saw of git and the sides, by fabric."""
        ...

    def mark(self, marks: Mapping[str, str]) -> None:
        """Note what was seen of these fabrics."""
        ...

    def sweep(self) -> None:
        """Give up the runs of workers that are gone."""
        ...


class Forge(Protocol):
    """The service that hosts the repository. Every call may raise `ForgeError`: it refuses, or does not answer."""

    def changed_files(self, number: int) -> Collection[str]:
        """The paths that a pull request changes, from the top of the repository."""
        ...

    def pull_request(self, revision: str) -> PullRequest | None:
        """The pull request that brought a commit to its branch, or whose head it is; None if there is none."""
        ...

    def comments(self, number: int) -> Sequence[Note]:
        """Our own comments on a pull request, the oldest first."""
        ...

    def write_comment(self, number: int, body: str, note: Note | None = None) -> Note:
        """Add a comment, or write one of ours anew."""
        ...

    def issues(self) -> Sequence[Note]:
        """Our own issues, open and closed, the one that was touched last first."""
        ...

    def write_issue(self, title: str, body: str, note: Note | None = None, *, is_open: bool = True) -> Note:
        """Open an issue, or write one of ours anew and open or close it."""
        ...

    def files_of_run(self, run: int) -> Mapping[str, bytes]:
        """The files of our artifacts that one run stored, whoever's it was: to be read as data, and never trusted."""
        ...

    def stored_files(self, name: str, head: str) -> Mapping[str, bytes]:
        """The newest artifact of a name that a run of this repository stored for a head; empty if there is none."""
        ...


class Clock(Protocol):
    """The time, so that tests can hold it still."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for durations."""
        ...


class Progress(Protocol):
    """Tells a person, or a log, how far the work is."""

    def about(self, fabric: str, run_id: str) -> None:
        """The steps that follow are of this run of a fabric."""
        ...

    def step(self, text: str, total: int = 0) -> None:
        """A new step begins, with so many parts (0: not known)."""
        ...

    def advance(self, count: int = 1) -> None:
        """Parts of the current step are done."""
        ...


class Schemas(Protocol):
    """The JSON Schemas that ship with the package."""

    def schema(self, kind: Kind) -> JsonObject:
        """The schema of one kind, draft 2020-12."""
        ...
