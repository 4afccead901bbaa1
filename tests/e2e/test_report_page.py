"""The page of a report in a real browser: it asks for nothing, runs nothing of others, and can be used."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from e2e.workspace import Workspace, make_workspace
from generated_fabric import generate_fabric, texts
from servers import browser

pytestmark = pytest.mark.server

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}, netbox: {file: netbox.json, site: dc1}}
"""
CANARY = "hunter2-not-to-be-seen"
NASTY = (
    "</script><script>window.struck=1</script><img src=x onerror='window.struck=2'>"
    "{{ 7*7 }} \\u202eabc ${{ github.token }}"
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    is_required = os.environ.get("HEDGEHOG_REQUIRE_SERVERS") == "1"
    try:
        if is_required:
            browser.install()
        browser.axe_source()
        with browser.browsing(tmp_path_factory.mktemp("profile")) as started:
            yield started
    except browser.ServerUnavailableError as error:
        if is_required:
            raise
        pytest.skip(f"no browser: {error}")


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A fabric that is applied, then changed on every side: pending, drifted, missing and unmanaged things in it."""
    made = make_workspace(tmp_path_factory.mktemp("report"))
    made.write("hedgehog-gitops.yaml", CONFIGURATION)
    made.write("fabrics/lab/raw/all.yaml", "---\n".join(texts(generate_fabric(vpcs=12, leaves=4))))
    made.push()
    assert made.run("sync").code == 0
    made.run("normalize")
    live = made.work / "live"
    (next(live.rglob("*vpc-00003*.yaml"))).unlink()
    drifted = next(live.rglob("*server-00001.yaml"))
    drifted.write_text(drifted.read_text().replace("description: eslag", "description: by hand, eslag"))
    server = next((made.work / "fabrics/lab/managed").rglob("server-00002.yaml"))
    nasty = json.dumps(NASTY)[1:-1].replace("\\\\u202e", "\\u202e")
    server.write_text(server.read_text().replace("description: eslag to", f'description: "{nasty}" #'))
    return made


@pytest.fixture(scope="module")
def page(space: Workspace) -> Path:
    file = space.work / "report.html"
    done = space.run("report", "--html", str(file))
    assert done.code == 0, done.err
    return file


@pytest.fixture
def opened(driver: Any, page: Path) -> Any:
    """The driver, with the page open as new."""
    return show(driver, page)


def show(driver: Any, page: Path) -> Any:
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    driver.get(page.as_uri())
    assert driver.execute_script("return document.documentElement.dataset.ready") == "true"
    return driver


def texts_of(driver: Any, selector: str) -> list[str]:
    found: list[str] = driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)", selector
    )
    return found


def test_it_loads_without_a_word_and_asks_for_nothing(opened: Any, page: Path) -> None:
    """Issue 8, 4: no console error and no outside request."""
    assert [entry for entry in opened.get_log("browser") if entry["level"] == "SEVERE"] == []
    sent = [json.loads(entry["message"])["message"] for entry in opened.get_log("performance")]
    asked = {each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"}
    assert asked == {page.as_uri()}


def test_what_others_wrote_stays_text(opened: Any) -> None:
    """Issue 8, 3: names, descriptions and the like execute nothing and break nothing."""
    assert opened.execute_script("return window.struck") is None
    opened.execute_script("choose(objects.find((each) => each.name === 'server-00002'))")
    shown = "\n".join(texts_of(opened, "#detail td"))
    assert "</script><script>window.struck=1</script>" in shown
    assert "{{ 7*7 }}" in shown
    assert opened.execute_script("return window.struck") is None
    assert opened.execute_script("return document.querySelectorAll('img').length") == 0


def test_filters_narrow_the_list_and_dim_the_drawing(opened: Any) -> None:
    whole = texts_of(opened, "#count")[0]
    find = opened.find_element("id", "find")
    find.send_keys("server-00002")
    narrowed = texts_of(opened, "#count")[0]
    assert int(narrowed.split()[0]) < int(whole.split()[0])
    assert all("server-00002" in text for text in texts_of(opened, ".item .who"))
    assert opened.execute_script("return document.querySelectorAll('.node.dim').length") > 0
    find.send_keys("\ue00c")  # Escape
    assert texts_of(opened, "#count")[0] == whole
    opened.execute_script("document.querySelector('.chip[data-verdict=drifted]').click()")
    assert set(texts_of(opened, ".item .badge")) == {"drifted"}
    opened.execute_script(
        "const kind = document.getElementById('kind'); kind.value = 'VPC'; kind.onchange?.();"
        "kind.dispatchEvent(new Event('change'))"
    )
    assert set(texts_of(opened, ".item .kind")) <= {"VPC"}


def test_the_keyboard_moves_chooses_and_zooms(opened: Any) -> None:
    listed = opened.find_element("id", "list")
    listed.send_keys("\ue010")  # End
    last = opened.execute_script("return chosen.id")
    listed.send_keys("\ue011")  # Home
    assert opened.execute_script("return chosen.id") != last
    assert opened.execute_script("return document.getElementById('list').getAttribute('aria-activedescendant')")
    before = opened.execute_script("return view.scale")
    opened.find_element("id", "drawing").send_keys("+")
    assert opened.execute_script("return view.scale") > before
    opened.find_element("tag name", "body").send_keys("/")
    assert opened.execute_script("return document.activeElement.id") == "find"


def test_the_mouse_chooses_zooms_and_moves(opened: Any) -> None:
    """Issue 8, 4: selection and zoom by real events in the drawing, and in the list."""
    from selenium.webdriver import ActionChains  # noqa: PLC0415 - only where a browser is wanted
    from selenium.webdriver.common.actions.wheel_input import ScrollOrigin  # noqa: PLC0415 - the same

    whole = opened.execute_script("return {...view}")
    leaf = opened.execute_script(
        "return [...nodes].find(([each]) => each.name === 'leaf-002')[1].querySelector('rect')"
    )
    ActionChains(opened).click(leaf).perform()
    assert texts_of(opened, "#detail h2") == ["leaf-002"]
    above = opened.execute_script("return document.querySelector('[aria-selected=true]').previousElementSibling")
    name = above.find_element("class name", "who").text
    ActionChains(opened).click(above).perform()
    assert texts_of(opened, "#detail h2") == [name] != ["leaf-002"]
    drawing = opened.find_element("id", "drawing")
    ActionChains(opened).scroll_from_origin(ScrollOrigin.from_element(drawing), 0, -120).perform()
    closer = opened.execute_script("return {...view}")
    assert closer["scale"] > whole["scale"]
    ActionChains(opened).move_to_element(drawing).click_and_hold().move_by_offset(40, 25).release().perform()
    moved = opened.execute_script("return {...view}")
    assert [round(moved[axis] - closer[axis]) for axis in ("x", "y")] == [40, 25]
    opened.find_element("id", "whole").click()
    assert opened.execute_script("return {...view}") == whole


def test_a_print_is_dark_on_white_with_the_whole_drawing(opened: Any) -> None:
    """Issue 8: printable, in the dark theme too."""
    opened.execute_script("setTheme('dark'); zoom(3); dispatchEvent(new Event('beforeprint'))")
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert opened.execute_script("return getComputedStyle(document.body).color") == "rgb(23, 32, 43)"
        printed = "\n".join(texts_of(opened, "#paper td"))
        assert "by hand, eslag" in printed
        inside = """
            const frame = drawing.getBoundingClientRect();
            return [...nodes.values()].every((node) => {
              const box = node.getBoundingClientRect();
              return box.left >= frame.left && box.right <= frame.right && box.bottom <= frame.bottom + 1;
            })"""
        assert opened.execute_script(inside)
    finally:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        opened.execute_script("dispatchEvent(new Event('afterprint'))")


def test_an_object_is_shown_in_git_in_the_cluster_and_in_netbox(opened: Any) -> None:
    opened.execute_script("choose(objects.find((each) => each.name === 'server-00001'))")
    assert texts_of(opened, "#detail th") == ["field", "git", "cluster", "netbox"]
    assert any("by hand, eslag" in text for text in texts_of(opened, "#detail td.other"))
    assert "drift" in "\n".join(texts_of(opened, "#detail li"))


def test_a_field_that_git_does_not_decide_is_not_called_the_same(opened: Any) -> None:
    """The plan does not compare it, so the page claims nothing about it."""
    opened.execute_script("report.authority = {default: 'git', 'Server/spec.*': 'cluster', VPC: 'ignore'}")
    for name, expected in (("server-00003", "cluster decides"), ("vpc-00001", "ignored"), ("leaf-001", "same")):
        opened.execute_script(f"choose(objects.find((each) => each.name === '{name}'))")
        cells = [text for text in texts_of(opened, "#detail td:nth-child(3)") if text]
        assert set(cells) == {expected}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, theme: str) -> None:
    """Issue 8, 4: axe-core finds no serious violation, light and dark."""
    opened.execute_script(f"setTheme('{theme}')")
    opened.execute_script(browser.axe_source() + "\nwindow.axe = axe;")
    found = opened.execute_async_script(
        "axe.run().then((result) => arguments[arguments.length - 1](result.violations))"
    )
    grave = [
        (each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in {"serious", "critical"}
    ]
    assert grave == []


def test_a_secret_of_the_environment_is_nowhere(space: Workspace) -> None:
    file = space.work / "secret.html"
    done = replace(space, env={**space.env, "NETBOX_TOKEN": CANARY}).run("report", "--html", str(file))
    assert done.code == 0
    assert CANARY not in file.read_text() + done.out + done.err


def test_five_thousand_objects_are_usable(driver: Any, tmp_path: Path) -> None:
    """Issue 8, 4: only rows in sight are in the page; `benchmarks/page.py` has the figures."""
    made = make_workspace(tmp_path)
    made.write("hedgehog-gitops.yaml", CONFIGURATION.replace(", netbox: {file: netbox.json, site: dc1}", ""))
    made.write("fabrics/lab/raw/all.yaml", "---\n".join(texts(generate_fabric(vpcs=950, leaves=112))))
    made.push()
    file = made.work / "large.html"
    assert made.run("report", "--html", str(file)).code == 0
    show(driver, file)
    assert driver.execute_script("return objects.length") > 5000
    assert driver.execute_script("return document.querySelectorAll('.item').length") < 60
    driver.execute_script("document.getElementById('list').scrollTop = 90000; drawRows()")
    assert texts_of(driver, ".item .who")
