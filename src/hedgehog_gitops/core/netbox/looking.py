"""What is added to a look at NetBox before it is planned from: who changed what, what would be lost, and doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hedgehog_gitops.core.netbox.comparing import CARRIES, CHANGED_BY
from hedgehog_gitops.core.netbox.pruning import is_ours
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Doubt, LiveSide, doubted
from hedgehog_gitops.model.record import NETBOX
from hedgehog_gitops.model.state import BaseRecord


def with_authors(live: LiveSide, authors: Mapping[ObjectKey, str]) -> LiveSide:
    """The look, with who changed which object last."""
    return _with_text(live, CHANGED_BY, authors)


def with_carried(live: LiveSide, carried: Mapping[ObjectKey, str]) -> LiveSide:
    """The look, with what hangs on objects that go and is not ours."""
    return _with_text(live, CARRIES, carried)


def with_doubts(live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]) -> LiveSide:
    """With kinds unknown of which we made objects and see none: a view that hides them looks like that."""
    seen = {key.kind for key in live.objects if is_ours(key)}
    ours = Counter(key.kind for key, record in bases.items() if record.uid and is_ours(key))
    told = {
        (NETBOX, kind): doubted(Doubt.CUT, f"none is seen, although {number} of them are ours")
        for kind, number in sorted(ours.items())
        if kind not in seen and (NETBOX, kind) not in live.proven
    }
    return live._replace(unknown={**told, **live.unknown})


def _with_text(live: LiveSide, name: str, texts: Mapping[ObjectKey, str]) -> LiveSide:
    known = {
        key: live.objects[key]._replace(value={**live.objects[key].value, name: text}) for key, text in texts.items()
    }
    return live._replace(objects={**live.objects, **known})
