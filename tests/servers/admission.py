"""A stand-in for Hedgehog's admission webhooks: HTTPS on loopback, our own defaulting, and a no by our own rules.

It judges each object against what the API server stores at that moment, or stored a while ago (`lag`), as a webhook
with a cache does. It counts every no, so that a test can ask whom the server had to refuse.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import urllib3

from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.model.kind import GATEWAY, KINDS, VPC, WIRING, Kind, ObjectKey, Owner
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from servers import kube
from servers.admission_rules import Review, refusal
from servers.certificates import make_certificates
from servers.stored_objects import StoredObjects

MUTATING = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
VALIDATING = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
WITHOUT_WEBHOOK = frozenset({"SwitchGroup", "ServerProfile"})
"""Kinds that are neither defaulted nor judged; writes to them are only noticed."""
PROBE = next(kind for kind in KINDS if kind.kind == "Server")
NOTICED = 30
ADMITTED = tuple(kind for kind in KINDS if kind.group in {WIRING, VPC, GATEWAY} and kind.owner is Owner.USER)

ExtraRule = Callable[[Review], str]


Send = Callable[[str, str, "JsonObject | None"], tuple[int, JsonObject]]


@dataclass(slots=True)
class Admission:
    """The webhooks as a test sees them.

    `one_more_rule` is asked first: why a review is refused, or empty text. `refused` are all reviews that were.
    """

    stored: StoredObjects
    one_more_rule: ExtraRule = lambda _: ""
    reviewed: list[Review] = field(default_factory=list)
    refused: list[tuple[Review, str]] = field(default_factory=list)

    def forget(self) -> None:
        """Count from here."""
        self.reviewed.clear()
        self.refused.clear()

    def answer(self, path: str, request: JsonObject) -> JsonObject:
        """The response to one review."""
        review = _review(request)
        if path == "/mutate":
            return _patched(review)
        self.reviewed.append(review)
        is_judged = review.key.kind not in WITHOUT_WEBHOOK
        message = self.one_more_rule(review) or (refusal(review, self.stored.now()) if is_judged else "")
        if message:
            self.refused.append((review, message))
            return {"allowed": False, "status": {"code": 403, "message": message}}
        self.stored.moves(review.key, as_text(as_object((review.old or {}).get("metadata")).get("resourceVersion")))
        return {"allowed": True}


@contextmanager
def admission(api_server: kube.RunningServer, directory: Path) -> Iterator[Admission]:
    """The webhooks, registered with an API server until the end of the block."""
    send = _sender(api_server)
    paths = {(kind.group, kind.kind): _collection(kind) for kind in KINDS if kind.owner is Owner.USER}
    webhooks = Admission(stored=StoredObjects(paths, lambda path: send("GET", path, None)))
    certificates = make_certificates(directory)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(webhooks))
    server.daemon_threads = True
    server.block_on_close = False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        _register(send, f"https://127.0.0.1:{server.server_address[1]}", certificates.authority.read_bytes())
        _wait_until_asked(send, webhooks)
        yield webhooks
    finally:
        _unregister(send)
        server.shutdown()
        server.server_close()


def _review(request: JsonObject) -> Review:
    kind = as_object(request.get("kind"))
    key = ObjectKey(
        group=as_text(kind.get("group")),
        kind=as_text(kind.get("kind")),
        namespace=as_text(request.get("namespace")),
        name=as_text(request.get("name")),
    )
    is_delete = request.get("operation") == "DELETE"
    return Review(
        operation=as_text(request.get("operation")),
        key=key,
        new=None if is_delete else as_object(request.get("object")),
        old=as_object(request.get("oldObject")) or None,
    )


def _patched(review: Review) -> JsonObject:
    """What the defaulting webhook makes of an object, as a JSON patch."""
    if review.new is None or review.key.kind in WITHOUT_WEBHOOK:
        return {"allowed": True}
    stored = with_defaults(review.kind, review.new)
    before, after = as_object(review.new.get("metadata")), as_object(stored["metadata"])
    patch: list[Json] = [{"op": "add", "path": "/spec", "value": stored["spec"]}]
    for part in ("labels", "annotations"):
        if part in after:
            patch.append({"op": "add", "path": f"/metadata/{part}", "value": after[part]})
        elif part in before:
            patch.append({"op": "remove", "path": f"/metadata/{part}"})
    return {"allowed": True, "patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(patch).encode()).decode()}


def _handler(webhooks: Admission) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            review: JsonObject = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            request = as_object(review["request"])
            response = {"uid": request["uid"], **webhooks.answer(self.path.partition("?")[0], request)}
            body = json.dumps({"apiVersion": review["apiVersion"], "kind": review["kind"], "response": response})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the library gives
            """Nothing is printed."""

    return Handler


def _register(send: Send, url: str, authority: bytes) -> None:
    for path, kind, hook, operations in (
        (MUTATING, "MutatingWebhookConfiguration", "mutate", ["CREATE", "UPDATE"]),
        (VALIDATING, "ValidatingWebhookConfiguration", "validate", ["CREATE", "UPDATE", "DELETE"]),
    ):
        body: JsonObject = {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": "hedgehog"},
            "webhooks": [
                {
                    "name": f"{hook}.githedgehog.com",
                    "admissionReviewVersions": ["v1"],
                    "sideEffects": "None",
                    "failurePolicy": "Fail",
                    "timeoutSeconds": 30,
                    "clientConfig": {"url": f"{url}/{hook}", "caBundle": base64.b64encode(authority).decode()},
                    "rules": [_rule(operations)],
                }
            ],
        }
        status, answer = send("POST", path, body)
        assert status == 201, answer


def _wait_until_asked(send: Send, webhooks: Admission) -> None:
    """The API server takes a moment to notice its webhooks."""
    probe: JsonObject = {"apiVersion": PROBE.api_version, "kind": PROBE.kind, "metadata": {"name": "probe"}, "spec": {}}
    deadline = time.monotonic() + NOTICED
    while not webhooks.reviewed:
        assert time.monotonic() < deadline, "the API server does not ask the webhooks"
        send("POST", f"{_collection(PROBE)}?dryRun=All", probe)
        time.sleep(0.02)
    webhooks.forget()


def _rule(operations: list[str]) -> JsonObject:
    return {
        "apiGroups": [*sorted({kind.group for kind in ADMITTED})],
        "apiVersions": ["*"],
        "resources": [kind.plural for kind in ADMITTED],
        "operations": list(operations),
    }


def _unregister(send: Send) -> None:
    for path in (MUTATING, VALIDATING):
        status, answer = send("DELETE", f"{path}/hedgehog", None)
        assert status in {200, 404}, answer


def _sender(api_server: kube.RunningServer) -> Send:
    """Requests as admin, over connections that stay open."""
    pool = urllib3.PoolManager(maxsize=16, ca_certs=str(api_server.certificate))
    headers = {"Authorization": f"Bearer {api_server.tokens['admin']}", "Content-Type": "application/json"}

    def send(method: str, path: str, body: JsonObject | None) -> tuple[int, JsonObject]:
        data = None if body is None else json.dumps(body).encode()
        answer = pool.request(method, api_server.url + path, body=data, headers=headers)
        return answer.status, as_object(answer.json())

    return send


def _collection(kind: Kind) -> str:
    return f"/apis/{kind.group}/{kind.version}/namespaces/default/{kind.plural}"
