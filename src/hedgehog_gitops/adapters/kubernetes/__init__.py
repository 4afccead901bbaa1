"""The cluster: where it is and who we are to it, and our own few requests.

`connection` finds the server and the credentials (`plain_kubeconfig` those that need no login), `transport` sends one
request and tries again where that helps, `listing`, `definitions` and `writing` say what to ask and what an answer
means, `cluster` is the side that use cases see; `state` keeps the memory (`state_maps`) and the lock (`state_lock`) in
the cluster, as `state_objects` and `shards` write them; `probing` asks what the server is and what it permits.
Importing this package imports neither kubernetes nor urllib3: that is paid on first use.
"""

from __future__ import annotations

from hedgehog_gitops.adapters.kubernetes.cluster import KubernetesCluster
from hedgehog_gitops.adapters.kubernetes.definitions import read_definitions
from hedgehog_gitops.adapters.kubernetes.probing import Server, held, look_at_server
from hedgehog_gitops.adapters.kubernetes.state import KubernetesState
from hedgehog_gitops.adapters.kubernetes.transport import QUICK, Answer, NoAnswerError, Patience, Transport
from hedgehog_gitops.adapters.kubernetes.versioned import NEEDS as STATE_NEEDS

__all__ = [
    "QUICK",
    "STATE_NEEDS",
    "Answer",
    "KubernetesCluster",
    "KubernetesState",
    "NoAnswerError",
    "Patience",
    "Server",
    "Transport",
    "held",
    "look_at_server",
    "read_definitions",
]
