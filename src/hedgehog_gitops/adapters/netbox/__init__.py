"""NetBox: pynetbox's client with our session, and our own few requests on top of it.

`transport` sends one request, and `answers` is what comes back; `listing` reads a list to its end; `places`, `live` and
`bodies` are the two forms of an object and what connects them; `reading` and `twins` look; `writing` makes `entries` of
changes, and `sending` has their `outcomes`, also where NetBox refuses some of them (`leaving_out`) or where its answer
is lost (`lost_answers`).
`refusals` and `versions` know what each version of NetBox says and can; `records` is the side that use cases see.
`probing` and `preparing` are for `doctor`.
"""

from __future__ import annotations

from hedgehog_gitops.adapters.netbox.answers import Answer, NoAnswerError
from hedgehog_gitops.adapters.netbox.authors import LastChange
from hedgehog_gitops.adapters.netbox.preparing import prepare
from hedgehog_gitops.adapters.netbox.probing import look_at_access
from hedgehog_gitops.adapters.netbox.records import TAG, NetboxRecords
from hedgehog_gitops.adapters.netbox.transport import Patience, Transport

__all__ = [
    "TAG",
    "Answer",
    "LastChange",
    "NetboxRecords",
    "NoAnswerError",
    "Patience",
    "Transport",
    "look_at_access",
    "prepare",
]
