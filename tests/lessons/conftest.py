"""No test touches the place in the course, or the files, of whoever runs the suite."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AUTODIFF_FOLDER", str(tmp_path / "files"))
    return tmp_path / "home"
