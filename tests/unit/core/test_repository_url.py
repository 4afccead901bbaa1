"""Which repository an address names, and that no secret survives in a message."""

from __future__ import annotations

import pytest

from hedgehog_gitops.core.repository_url import repository_key, same_repository, without_secrets

SAME = [
    ("https://github.com/a/b", "https://github.com/a/b.git"),
    ("https://github.com/a/b", "https://github.com/a/b/"),
    ("https://github.com/a/b.git", "https://github.com/a/b.git/"),
    ("https://github.com/a/b", "git@github.com:a/b.git"),
    ("https://github.com/a/b", "github.com:a/b"),
    ("https://github.com/a/b", "ssh://git@github.com/a/b.git"),
    ("https://github.com/a/b", "ssh://git@ssh.github.com:443/a/b.git"),
    ("https://github.com/a/b", "git://github.com:9418/a/b.git"),
    ("https://github.com/a/b", "HTTPS://GitHub.com./A/B"),
    ("https://github.com:443/a/b", "http://github.com:80/a/b"),
    ("https://user:pa@ss@github.com/a/b", "https://x-access-token:t@github.com/a/b"),
    ("https://git.example.net/group/sub/b", "git@git.example.net:group/sub/b.git"),
    ("https://git.example.net/a/b", "ssh://git@git.example.net:2222/a/b.git"),
    ("https://git.example.net/a/b", "git@git.example.net:/a/b.git"),
    ("https://github.com/a/b.c", "git@github.com:a/b.c.git"),
    ("https://github.com/x/digit", "git@github.com:x/digit.git"),
    ("https://github.com/a//b", "https://github.com/a/b?x=1#y"),
    ("https://github.com/a/b%20c", "https://github.com/a/b c"),
    ("ssh://git@[2001:db8::1]:22/a/b", "git@[2001:DB8::1]:a/b.git"),
    ("/srv/git/b.git", "file:///srv/git/b"),
    ("/srv/git/b.git/", "/srv//git/x/../b"),
    ("/srv/work/.git", "/srv/work"),
    ("../remote.git", "../remote"),
]
DIFFERENT = [
    ("https://github.com/a/b", "https://github.com/a/b.c"),
    ("https://github.com/x/digit", "https://github.com/x/dig"),
    ("https://github.com/x/digit", "https://github.com/x/di"),
    ("https://github.com/a/b", "https://github.com/a/c"),
    ("https://github.com/a/b", "https://gitlab.com/a/b"),
    ("https://git.example.net:8443/a/b", "https://git.example.net/a/b"),
    ("https://github.example.net/a/b", "https://github.com/a/b"),
    ("/srv/git/b", "/srv/git/B"),
    ("/srv/git/b", "https://srv/git/b"),
    ("git@github.com:a/b", "/a/b"),
]


@pytest.mark.parametrize(("url", "other"), SAME)
def test_b39_one_repository_is_recognised_however_it_is_written(url: str, other: str) -> None:
    assert same_repository(url, other)
    assert repository_key(url) == repository_key(other)


@pytest.mark.parametrize(("url", "other"), DIFFERENT)
def test_b39_two_repositories_stay_two(url: str, other: str) -> None:
    assert not same_repository(url, other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://github.com/a/b.c.git", "github.com/a/b.c"),
        ("git@host:x/digit.git", "host/x/digit"),
        ("https://t:p@Git.Example.Net:8443/A/b.git", "git.example.net:8443/a/b"),
        ("/", "/"),
        ("", "."),
    ],
)
def test_the_key_reads_like_an_address(url: str, key: str) -> None:
    assert repository_key(url) == key


def test_the_key_never_holds_what_gives_access() -> None:
    assert "canary" not in repository_key("https://canary:canary@host/a/b?token=canary")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("unable to access 'https://tok@h/a.git/': no", "unable to access 'https://h/a.git/': no"),
        ("https://user:tok@h/a and ssh://git:tok@h:22/b", "https://h/a and ssh://h:22/b"),
        ("https://user:t@k@h/a", "https://h/a"),
        ("https://user:t/k@h/a", "https://h/a"),
        ("HTTP://tok@[::1]:80/a", "HTTP://[::1]:80/a"),
        ("https://h/a (mail a@b)", "https://h/a (mail a@b)"),
        ("git@h:a/b.git", "git@h:a/b.git"),
        ("nothing here", "nothing here"),
    ],
)
def test_b41_users_and_passwords_are_cut_from_urls(text: str, clean: str) -> None:
    assert without_secrets(text) == clean
