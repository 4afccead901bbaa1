from __future__ import annotations

from hedgehog_gitops.core.concern import brought, concerning
from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
from hedgehog_gitops.model.kind import ObjectKey

KEY = ObjectKey(group="vpc.githedgehog.com", kind="VPC", namespace="default", name="one")


def finding(path: str, *related: str, message: str = "wrong") -> Finding:
    return Finding(
        rule="VPC-041",
        severity=Severity.ERROR,
        origin=Origin(path=path),
        message=message,
        related=tuple(Related(origin=Origin(path=other), key=KEY) for other in related),
    )


HERE, THERE, POINTING = finding("vpcs/a.yaml"), finding("vpcs/b.yaml"), finding("vpcs/c.yaml", "vpcs/a.yaml")


def test_a_finding_concerns_its_own_file_and_those_it_points_to() -> None:
    assert concerning((HERE, THERE, POINTING), ["vpcs/a.yaml"]) == (HERE, POINTING)


def test_a_directory_stands_for_all_below_it() -> None:
    assert concerning((HERE, THERE), ["vpcs"]) == (HERE, THERE)
    assert concerning((HERE, THERE), ["vpc", "vpcs/a", ""]) == ()


def test_a_change_brought_what_was_not_there_before() -> None:
    said_otherwise = finding("vpcs/b.yaml", message="wrong in another way")
    assert brought((HERE, THERE), [THERE], ["vpcs/a.yaml"]) == (HERE,)
    assert brought((HERE, said_otherwise), [HERE, THERE], []) == (said_otherwise,)
