"""No test touches the place in the course, or the files, of whoever runs the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.format import load_course
from lessons.site import build_site


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AUTODIFF_FOLDER", str(tmp_path / "files"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site of our course."""
    folder = tmp_path_factory.mktemp("site")
    build_site(load_course(), folder)
    return folder
