"""The files of every page, joined when they are collected: what is written, and what a page links then."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import File

from lamp_portal import fonts, joined
from tests.screens.pages import Page, draw


@pytest.fixture
def collected(tmp_path, monkeypatch):
    """The portal's own files as `collectstatic` leaves them; pages rendered meanwhile link these."""
    fonts.build_web(fonts.WEB_FOLDER)
    storage = joined.JoinedFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for finder in finders.get_finders():
        for path, source in finder.list([]):
            if path.startswith("portal/") or path.endswith("htmx-2.min.js"):
                with source.open(path) as file:
                    storage.save(path, File(file))
                paths[path] = (storage, path)
    assert [error for _name, _hashed, error in storage.post_process(paths) if isinstance(error, Exception)] == []
    monkeypatch.setattr("lamp_portal.joined.staticfiles_storage", storage)
    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage", storage)
    return storage


def test_a_page_of_collected_files_links_one_sheet_and_one_module(collected):
    page = Page(draw("{% extends 'base.html' %}"))
    sheets = [link["href"] for link in page.all("link") if link["rel"] == "stylesheet"]
    modules = [script["src"] for script in page.all("script") if script.get("type") == "module"]
    assert [re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in (*sheets, *modules)] == [
        "/static/portal/css/every-page.css", "/static/portal/js/every-page.js",
    ]  # fmt: skip
    assert all(re.search(r"\.[0-9a-f]{12}\.", name) for name in (*sheets, *modules)), "named after their content"


def test_the_joined_sheet_has_every_rule_in_its_order_and_paper_only_on_paper(collected):
    sheet = collected.open(collected.stored_name(joined.SHEET)).read().decode()
    parts = [Path(finders.find(f"portal/css/{name}.css")) for name in (*joined.STYLES, joined.PAPER)]
    written = [re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in parts]
    assert sheet.count("{") == sum(text.count("{") for text in written) + 1
    assert sheet.count("{") == sheet.count("}")
    assert "/*" not in sheet
    assert not re.search(r"\s[{};,]|[{};,]\s(?!$)", sheet)
    assert sheet.index("@font-face") < sheet.index(".topbar") < sheet.index("@media print{") < sheet.index("@page")
    assert re.search(r"fonts/public-sans\.[0-9a-f]{12}\.woff2", sheet), (
        "the typeface is found from the joined sheet too"
    )


def test_the_joined_module_keeps_the_names_of_each_part_to_itself(collected):
    module = collected.open(collected.stored_name(joined.SCRIPT)).read().decode()
    assert module.count("\n}\n") >= len(joined.SCRIPTS)
    assert len(re.findall(r"^const typing", module, re.MULTILINE)) == 2, "two parts use one name"
    assert not re.search(r"^\s*(//|import|export)", module, re.MULTILINE)
