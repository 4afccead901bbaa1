from __future__ import annotations

from collections import Counter

import pytest

from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.model.profile import Profile

PROFILES = PackageProfiles()


def test_all_families_are_shipped() -> None:
    assert Counter(profile.family for profile in PROFILES.values()) == {"default": 16, "cls-plus": 6, "cumulus": 1}


def test_a_model_has_its_ports() -> None:
    ports = PROFILES["dell-s5248f-on"].ports
    assert len(ports) == 57
    assert ports["M1"].is_management
    assert ports["E1/48"].group == "12"
    assert ports["E1/56"].profile == "QSFP28-100G"


def test_a_model_that_nobody_makes_is_absent() -> None:
    assert PROFILES.get("typo") is None


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_what_a_profile_names_is_in_it(profile: Profile) -> None:
    for port in profile.ports.values():
        used = profile.groups[port.group] if port.group else port.profile
        assert port.is_management or used in profile.port_profiles
        assert not port.pipeline or port.pipeline in profile.pipelines
    for each in profile.port_profiles.values():
        assert each.default in (each.speeds if each.breakouts is None else each.breakouts)
