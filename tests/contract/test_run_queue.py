"""What every queue of runs promises, tried on the one in memory and on RQ with a real Redis."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job, JobStatus

from fakes.clock import START
from fakes.memory_queue import MemoryQueue
from hedgehog_gitops.adapters.rq_queue import RqQueue, open_queue
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.state import Trigger
from hedgehog_gitops.ports import RunQueue

ECHO = "os.path.join"
"""A function that takes the three texts of a run and does nothing with them."""
BROKEN = "os.path.samestat"


def asked(fabric: str = "lab", seconds: int = 0) -> Request:
    return Request(fabric=fabric, trigger=Trigger.MANUAL, at=START + timedelta(seconds=seconds))


@pytest.fixture(params=["memory", pytest.param("rq", marks=pytest.mark.server)])
def queue(request: pytest.FixtureRequest) -> RunQueue:
    if request.param == "memory":
        return MemoryQueue()
    url: str = request.getfixturevalue("redis_url")
    return rq(url)


def rq(url: str, function: str = ECHO) -> RqQueue:
    return open_queue(url, "runs", (function, "/some/where.yaml", 60))


def work(url: str) -> None:
    """Everything that waits, worked off in this process."""
    connection = Redis.from_url(url)
    SimpleWorker([Queue("runs", connection=connection)], connection=connection).work(burst=True, logging_level="ERROR")


def test_a_fabric_waits_once_however_often_it_is_queued(queue: RunQueue) -> None:
    """Issue 6, scheduling: queued duplicates collapse."""
    assert [queue.put(asked()), queue.put(asked(seconds=1)), queue.put(asked("other"))] == [True, False, True]


def test_the_latest_request_of_a_fabric_stands_for_all(queue: RunQueue) -> None:
    for seconds in range(10):
        queue.ask(asked(seconds=seconds))
    queue.ask(asked("other"))
    assert queue.requests() == {"lab": asked(seconds=9), "other": asked("other")}


def test_what_a_tick_saw_is_known_to_the_next(queue: RunQueue) -> None:
    queue.mark({"lab": "git:a", "other": "git:a"})
    queue.mark({"lab": "git:b"})
    queue.mark({})
    assert queue.marks() == {"lab": "git:b", "other": "git:a"}


def test_a_request_is_dropped_unless_a_later_one_took_its_place(queue: RunQueue) -> None:
    queue.ask(asked())
    queue.ask(asked(seconds=1))
    queue.drop(asked())
    assert queue.requests() == {"lab": asked(seconds=1)}
    queue.drop(asked(seconds=1))
    queue.drop(asked("nobody"))
    assert queue.requests() == {}


def test_looks_are_remembered_by_fabric(queue: RunQueue) -> None:
    assert queue.looks() == {}
    queue.remember({})
    queue.remember({"lab": START, "other": START})
    queue.remember({"lab": START + timedelta(seconds=1)})
    assert queue.looks() == {"lab": START + timedelta(seconds=1), "other": START}


def test_a_run_that_ended_makes_room_for_the_next(redis_url: str) -> None:
    """Issue 6, scheduling: neither a result nor a failure that Redis keeps is in the way."""
    for function in (ECHO, BROKEN, ECHO):
        assert rq(redis_url, function).put(asked())
        work(redis_url)
    job = Job.fetch("runs_lab", connection=Redis.from_url(redis_url))
    assert job.return_value() == "/some/where.yaml/lab/manual"


def test_b18_a_run_whose_worker_is_gone_makes_room(redis_url: str) -> None:
    """A killed worker leaves its job as started; a minute after its last sign of life the next sweep gives it up."""
    runs, connection = rq(redis_url), Redis.from_url(redis_url)
    runs.put(asked())
    waiting = Queue("runs", connection=connection)
    job = Job.fetch("runs_lab", connection=connection)
    killed = SimpleWorker([waiting], connection=connection)
    waiting.remove(job)
    killed.prepare_execution(job)
    job.set_status(JobStatus.STARTED)
    runs.sweep()
    assert not runs.put(asked())

    registry = waiting.started_job_registry
    for member, _ in connection.zscan_iter(registry.key):
        connection.zadd(registry.key, {member: time.time() - 1})
    runs.sweep()
    assert runs.put(asked())


def test_what_others_wrote_into_the_hashes_is_passed_over(redis_url: str) -> None:
    connection = Redis.from_url(redis_url)
    for value in ("", "{}", "[]", '{"trigger": "x", "at": "y"}', '{"trigger": "api", "at": 3}'):
        connection.hset("hedgehog-gitops:runs:requests", "lab", value)
        connection.hset("hedgehog-gitops:runs:looks", "lab", value)
        assert rq(redis_url).requests() == {}
        assert rq(redis_url).looks() == {}


def test_a_redis_that_is_not_there_is_unreachable_and_a_wrong_url_does_not_show_its_password() -> None:
    with pytest.raises(UnreachableError):
        rq("redis://127.0.0.1:1/0")
    with pytest.raises(UsageError) as caught:
        rq("http://:s3cret@localhost")
    assert "s3cret" not in str(caught.value)
