"""Runs that wait in Redis for workers, through RQ. The only home of redis and rq.

A run is an RQ job whose id is its fabric's, so that Redis itself refuses a second one. Beside RQ's own keys there are
three hashes for each queue: requests that no run has answered yet, when each fabric is to be looked at again, and what
the last tick saw of git and the sides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import NamedTuple, NoReturn

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, Worker, get_current_job
from rq.cron import CronScheduler
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from hedgehog_gitops.model.errors import RunTooLongError, UnreachableError, UsageError
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.state import Trigger

KEPT_SECONDS = 86400
"""How long the result of a run stays in Redis, unless the fabric's next run takes its place."""

BEAT_SECONDS = 10
"""How often a worker says that it still works; a run whose worker is silent for a minute more is given up."""

_OVER = frozenset({JobStatus.FINISHED, JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED})


class RunJob(NamedTuple):
    """How a worker starts a run: the path of the function, its first argument, and how long it may take."""

    function: str
    config: str
    seconds: int


class RqQueue:
    """The runs of one configuration."""

    def __init__(self, connection: Redis, name: str, job: RunJob) -> None:
        self._connection = connection
        self._queue = Queue(name, connection=connection)
        self._job = job
        self._requests = f"hedgehog-gitops:{name}:requests"
        self._looks = f"hedgehog-gitops:{name}:looks"
        self._marks = f"hedgehog-gitops:{name}:marks"

    def put(self, request: Request) -> bool:
        """Queue a run under the fabric's own id. What is left of an ended one makes room."""
        with _reached():
            return self._add(request) or (self._clear(request.fabric) and self._add(request))

    def ask(self, request: Request) -> None:
        """Note that a run is wanted."""
        with _reached():
            self._connection.hset(self._requests, request.fabric, _packed(request))

    def requests(self) -> Mapping[str, Request]:
        """The noted requests; what is none, because something else wrote it, is passed over."""
        with _reached():
            found = self._connection.hgetall(self._requests)
        read = (_unpacked(_text(name), value) for name, value in found.items())
        return {request.fabric: request for request in read if request is not None}

    def drop(self, request: Request) -> None:
        """Forget this very request."""

        def forget(pipe: Pipeline) -> None:
            found = pipe.hget(self._requests, request.fabric)
            pipe.multi()
            if found is not None and _unpacked(request.fabric, found) == request:
                pipe.hdel(self._requests, request.fabric)

        with _reached():
            self._connection.transaction(forget, self._requests)

    def looks(self) -> Mapping[str, datetime]:
        """When each fabric's memory is to be read again."""
        with _reached():
            found = self._connection.hgetall(self._looks)
        return {_text(name): at for name, value in found.items() if (at := _instant(value)) is not None}

    def remember(self, looks: Mapping[str, datetime]) -> None:
        """Note when memories are to be read again."""
        if looks:
            with _reached():
                self._connection.hset(self._looks, mapping={name: at.isoformat() for name, at in looks.items()})

    def marks(self) -> Mapping[str, str]:
        """What the last tick saw."""
        with _reached():
            found = self._connection.hgetall(self._marks)
        return {_text(name): _text(value) for name, value in found.items()}

    def mark(self, marks: Mapping[str, str]) -> None:
        """Note what this tick saw."""
        if marks:
            pairs = [part for pair in marks.items() for part in pair]
            with _reached():
                self._connection.hset(self._marks, items=pairs)

    def sweep(self) -> None:
        """Give up the runs of workers that are gone, now; RQ by itself looks for them every ten minutes."""
        with _reached():
            self._queue.started_job_registry.cleanup()

    def job_id(self, fabric: str) -> str:
        """The one id of a fabric's runs. No name of a fabric has an underscore."""
        return f"{self._queue.name}_{fabric}"

    def _add(self, request: Request) -> bool:
        try:
            self._queue.enqueue(
                self._job.function,
                args=(self._job.config, request.fabric, request.trigger.value),
                job_id=self.job_id(request.fabric),
                unique=True,
                job_timeout=self._job.seconds,
                result_ttl=KEPT_SECONDS,
                failure_ttl=KEPT_SECONDS,
                description=f"sync {request.fabric}",
            )
        except DuplicateJobError:
            return False
        return True

    def _clear(self, fabric: str) -> bool:
        """True if the fabric's job was over and is gone, or had been gone already."""
        try:
            job = Job.fetch(self.job_id(fabric), connection=self._connection)
        except NoSuchJobError:
            return True

        def delete(pipe: Pipeline) -> None:
            is_over = job.get_status() in _OVER
            pipe.multi()
            if is_over:
                job.delete(pipeline=pipe)

        return bool(self._connection.transaction(delete, job.key))


def open_queue(url: str, name: str, job: tuple[str, str, int]) -> RqQueue:
    """The runs of a queue, for programs that are no workers."""
    return RqQueue(connect(url), name, RunJob(*job))


def queue_of_worker(name: str, job: tuple[str, str, int]) -> RqQueue:
    """The runs of a queue, in the Redis that gave this worker its job."""
    current = get_current_job()
    if current is None:
        raise UsageError("a tick is a job of a worker; `hedgehog-gitops schedule` has workers do it")
    return RqQueue(current.connection, name, RunJob(*job))


def connect(url: str) -> Redis:
    """A connection that answers; `UnreachableError` if it does not."""
    try:
        connection = Redis.from_url(url)
    except ValueError as error:  # its text may hold the URL, and that a password
        raise UsageError("the Redis URL is not one: redis://HOST:PORT/DB, rediss://… or unix://PATH") from error
    with _reached():
        connection.ping()
    return connection


class _Limit(UnixSignalDeathPenalty):
    """Ends what takes too long by an error of ours: a run that meets it stamps its failure and gives its lock back."""

    def handle_death_penalty(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        if self._exception is JobTimeoutException:
            raise RunTooLongError(int(self._timeout))
        raise self._exception(self._timeout)  # a worker's own waits, such as the one for the process of a run


class _Worker(Worker):
    death_penalty_class = _Limit


def serve(url: str, queues: tuple[str, ...], *, is_burst: bool = False) -> None:
    """Work on the queues, the first one first, until a polite stop; a run under way is ended before."""
    connection = connect(url)
    with _reached():
        worker = _Worker(list(queues), connection=connection, job_monitoring_interval=BEAT_SECONDS)
        worker.work(burst=is_burst)


def keep_time(url: str, queue: str, tick: Callable[..., JsonObject], seconds: int, arguments: JsonObject) -> None:
    """Have workers tick every so many seconds, by RQ's own cron, until a polite stop.

    A tick that finds no worker in its time is dropped: the next one does its work.
    """
    scheduler = CronScheduler(connection=connect(url))
    scheduler.register(
        tick, queue, kwargs=arguments, interval=seconds, ttl=2 * seconds, job_timeout=60, result_ttl=2 * seconds
    )
    with _reached():
        scheduler.start()  # type: ignore[no-untyped-call]


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise UnreachableError(
            "redis", str(error) or type(error).__name__, "is it running, and is the URL right?"
        ) from error


def _packed(request: Request) -> str:
    return json.dumps({"trigger": request.trigger.value, "at": request.at.isoformat()})


def _unpacked(fabric: str, value: bytes | str) -> Request | None:
    try:
        found = json.loads(value)
        return Request(
            fabric=fabric, trigger=Trigger(found["trigger"]), at=datetime.fromisoformat(found["at"]).astimezone(UTC)
        )
    except (ValueError, KeyError, TypeError):
        return None


def _instant(value: bytes | str) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except ValueError:
        return None


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()
