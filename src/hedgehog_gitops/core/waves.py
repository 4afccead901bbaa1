"""The order of execution: objects in waves, each wave needing only earlier ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from hedgehog_gitops.model.kind import ObjectKey, kind_of


def waves(
    keys: Iterable[ObjectKey], graph: Mapping[ObjectKey, frozenset[ObjectKey]]
) -> tuple[tuple[ObjectKey, ...], ...]:
    """The keys in dependency order. Objects that need each other come last, in the create order of their kinds."""
    waiting = {key: set(graph.get(key, frozenset())) for key in keys}
    for needs in waiting.values():
        needs.intersection_update(waiting)
    needed_by = reverse({key: frozenset(needs) for key, needs in waiting.items()})
    made: list[tuple[ObjectKey, ...]] = []
    ready = [key for key, needs in waiting.items() if not needs]
    while ready:
        made.append(tuple(sorted(ready, key=create_order)))
        ready = _release(ready, waiting, needed_by)
    circle = sorted(waiting, key=create_order)
    return (*made, *((key,) for key in circle))


def closure(blocked: Collection[ObjectKey], graph: Mapping[ObjectKey, frozenset[ObjectKey]]) -> frozenset[ObjectKey]:
    """The objects that need one of the blocked ones, however far away; without the blocked ones themselves."""
    return reached(blocked, reverse(graph)) - set(blocked) if blocked else frozenset()


def reached(start: Iterable[ObjectKey], graph: Mapping[ObjectKey, AbstractSet[ObjectKey]]) -> frozenset[ObjectKey]:
    """Everything that the edges of a graph lead to, however far; a start is in it only if an edge leads back."""
    found: set[ObjectKey] = set()
    frontier = list(start)
    while frontier:
        news = graph.get(frontier.pop(), frozenset()) - found
        found |= news
        frontier += news
    return frozenset(found)


def reverse(graph: Mapping[ObjectKey, frozenset[ObjectKey]]) -> dict[ObjectKey, frozenset[ObjectKey]]:
    """Who needs each object."""
    needed_by: dict[ObjectKey, set[ObjectKey]] = {}
    for key, needs in graph.items():
        for need in needs:
            needed_by.setdefault(need, set()).add(key)
    return {key: frozenset(users) for key, users in needed_by.items()}


def create_order(key: ObjectKey) -> tuple[int, ObjectKey]:
    """Sorts objects by the create order of their kinds, then by identity."""
    return (kind_of(key).order, key)


def _release(
    done: Iterable[ObjectKey],
    waiting: dict[ObjectKey, set[ObjectKey]],
    needed_by: Mapping[ObjectKey, frozenset[ObjectKey]],
) -> list[ObjectKey]:
    released: list[ObjectKey] = []
    for key in done:
        waiting.pop(key)
    for key in done:
        for user in needed_by.get(key, frozenset()):
            waiting[user].discard(key)
            if not waiting[user]:
                released.append(user)
    return list(dict.fromkeys(released))
