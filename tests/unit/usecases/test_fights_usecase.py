"""A fight with another writer, run by run: put back once, then paused, and ended by either side."""

from __future__ import annotations

import pytest

from fakes.fabrics import thing
from fakes.memory_side import MemorySide, key_of
from fakes.memory_source import MemorySource
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.settings import OnMissing
from hedgehog_gitops.model.state import Outcome, SyncResult, SyncStatus
from unit.usecases.test_sync import Lab, only

HOME = "fabrics/lab/managed/servers/web.yaml"


def server(description: str, **spec: str) -> JsonObject:
    return thing("Server", "web", {"description": description, **spec})


def written(description: str, **spec: str) -> str:
    return to_yaml(server(description, **spec))


KEY = key_of(server(""))


class Fight:
    """A fabric with one server, and a neighbour who wants its description otherwise."""

    def __init__(self) -> None:
        self.lab = Lab({HOME: written("A"), "fabrics/lab/README.md": ""})
        self.sync()

    @property
    def side(self) -> MemorySide:
        return self.lab.side

    def sync(self) -> SyncResult:
        return only(self.lab.sync(force=True))

    def git_says(self, description: str, **spec: str) -> None:
        self.lab.source = MemorySource({HOME: written(description, **spec).encode(), "fabrics/lab/README.md": b""})

    def neighbour_says(self, description: str) -> None:
        live = self.side.objects[KEY].value
        self.side.put({**live, "spec": {**as_object(live["spec"]), "description": description}})

    def there(self) -> JsonObject:
        return as_object(self.side.objects[KEY].value["spec"])

    def until_paused(self) -> SyncResult:
        self.neighbour_says("B")
        self.sync()
        self.neighbour_says("B")
        return self.sync()


@pytest.fixture
def fight() -> Fight:
    return Fight()


def test_drift_is_put_back_once_and_the_same_again_is_paused(fight: Fight) -> None:
    """Issue 5, fight detection: A-B-A names both writers and pauses that field only."""
    fight.neighbour_says("B")
    assert fight.sync().outcome is Outcome.APPLIED
    assert fight.there() == {"description": "A"}
    fight.neighbour_says("B")
    result, writes = fight.sync(), len(fight.side.seen)

    assert fight.there() == {"description": "B"}
    assert (result.outcome, result.status) == (Outcome.PARTIAL, SyncStatus.OUT_OF_SYNC)
    assert result.failures == (
        (
            "Server/default/web: fight: somebody and hedgehog-gitops keep overwriting spec.description; paused; "
            "settle who decides (authority) or change git"
        ),
    )
    fight.sync()
    assert len(fight.side.seen) == writes, "a pause lasts"


def test_a_pause_lasts_while_other_fields_are_written(fight: Fight) -> None:
    """Issue 5, fight detection: pauses that field only."""
    fight.until_paused()
    fight.git_says("A", profile="new")
    result = fight.sync()

    assert fight.there() == {"description": "B", "profile": "new"}
    assert result.outcome is Outcome.PARTIAL
    assert fight.sync().outcome is Outcome.PARTIAL
    assert fight.there() == {"description": "B", "profile": "new"}


@pytest.mark.parametrize("profile", ["", "new"], ids=["alone", "after another field was written"])
def test_git_ends_a_pause_by_another_value(fight: Fight, profile: str) -> None:
    """Issue 5, fight detection: a change of git's value ends the pause."""
    fight.until_paused()
    more = {"profile": profile} if profile else {}
    fight.git_says("A", **more)
    fight.sync()
    fight.git_says("C", **more)
    result = fight.sync()
    assert result.outcome is Outcome.APPLIED
    assert fight.there() == {"description": "C", **more}


def test_git_ends_a_pause_by_giving_in(fight: Fight) -> None:
    fight.until_paused()
    fight.git_says("B")
    assert fight.sync().status is SyncStatus.IN_SYNC


def test_the_other_ends_a_pause_by_another_value(fight: Fight) -> None:
    """Issue 5, fight detection: a change of the other's value ends the pause."""
    fight.until_paused()
    fight.neighbour_says("D")
    assert fight.sync().outcome is Outcome.APPLIED
    assert fight.there() == {"description": "A"}


def test_an_object_that_is_made_anew_has_no_past(fight: Fight) -> None:
    fight.until_paused()
    fight.side.delete(KEY)
    fight.lab.fabrics = (fight.lab.fabrics[0]._replace(on_missing=OnMissing.RECREATE),)
    fight.sync()
    fight.neighbour_says("B")
    assert fight.sync().outcome is Outcome.APPLIED
