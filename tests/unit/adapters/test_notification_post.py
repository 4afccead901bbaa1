# ruff: noqa: S106 - made-up secrets, and names of variables and files
from __future__ import annotations

import socket
from pathlib import Path

import pytest

from fakes.receiver import receiving
from hedgehog_gitops.adapters.notification import Recipient, post
from hedgehog_gitops.assembly.notifying import recipient
from hedgehog_gitops.model.settings import NotifySettings

WORDS = "canary-77aa"


@pytest.mark.parametrize(
    ("answers", "attempts", "reason"),
    [
        ([204], 1, ""),
        ([500, 204], 2, ""),
        ([500], 2, "answered 500"),
        ([429, 200], 2, ""),
        ([400], 1, "answered 400"),
        ([302], 1, "answered 302"),
    ],
)
def test_a_receiver_that_fails_is_tried_once_more_at_most(answers: list[int], attempts: int, reason: str) -> None:
    with receiving(WORDS) as receiver:
        receiver.answers = answers
        delivery = post(Recipient(url=receiver.url, secret="s"), b"{}", {}, pause=0)
    assert (delivery.attempts, delivery.reason, len(receiver.requests)) == (attempts, reason, attempts)
    assert all(body == b"{}" for _, body in receiver.requests)


@pytest.mark.parametrize(
    ("url", "reason", "attempts"),
    [
        (f"http://127.0.0.1:1/{WORDS}", "cannot be reached", 2),
        (f"file:///{WORDS}", "the address is not of the web", 1),
        (WORDS, "the address cannot be used", 1),
        (f"http://[{WORDS}", "the address cannot be used", 1),
        (f"http://127.0.0.1:1/{WORDS} \x00", "the connection failed", 2),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_text(url: str, reason: str, attempts: int) -> None:
    delivery = post(Recipient(url=url, secret="s"), b"{}", {}, pause=0)
    assert (delivery.reason, delivery.attempts) == (reason, attempts)


def test_b33_a_receiver_that_never_answers_costs_a_bounded_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        target = Recipient(url=f"http://127.0.0.1:{listener.getsockname()[1]}/", secret="s")
        assert post(target, b"{}", {}, timeout=0.1, pause=0).reason == "no answer in time"


def test_address_and_secret_are_shown_by_nothing() -> None:
    assert WORDS not in repr(Recipient(url=WORDS, secret=WORDS))


def test_address_and_secret_come_from_where_the_configuration_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "https://x.example/")
    monkeypatch.setenv("SIGN", WORDS)
    (tmp_path / "secret").write_text(f"{WORDS}\n")
    (tmp_path / "empty").write_text("")
    wanted = Recipient(url="https://x.example/", secret=WORDS)
    assert recipient(NotifySettings(url_env="HOOK", secret_env="SIGN"), tmp_path) == wanted
    assert recipient(NotifySettings(url="https://x.example/", secret_file="secret"), tmp_path) == wanted
    missing = [
        recipient(NotifySettings(url_env="NO_HOOK", secret_env="SIGN"), tmp_path),
        recipient(NotifySettings(url_env="HOOK", secret_env="NO_SIGN"), tmp_path),
        recipient(NotifySettings(url_env="HOOK", secret_file="nothing"), tmp_path),
        recipient(NotifySettings(url_env="HOOK", secret_file="empty"), tmp_path),
    ]
    assert missing == [
        "the environment has no NO_HOOK, which is to hold the address",
        "the environment has no NO_SIGN",
        "nothing cannot be read (FileNotFoundError)",
        "empty is empty",
    ]
