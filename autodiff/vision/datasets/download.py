"""Files from the network: with a progress bar, resumed where they stopped, and checked."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autodiff import errors
from autodiff.utils.progress import track

__all__ = ["fetch", "matches"]

CHUNK = 1 << 16
SECONDS = 30


def matches(path: Path, md5: str) -> bool:
    """Whether a file is there and has this checksum."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return (
            hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == md5
        )


def fetch(urls: list[str], path: Path, md5: str) -> None:
    """Get a file from the first of several places that has it.

    What arrives goes into ``path`` with ``.part`` at its end. A download that broke off goes on
    from there; ``path`` itself appears when it is complete and its checksum is right.

    Raises:
        RuntimeError: no place could be reached, or none has the right file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    problems = []
    for url in urls:
        try:
            _get(url, part)
        except (OSError, http.client.HTTPException) as error:
            problems.append(f"{url}: {error}")
            continue
        if matches(part, md5):
            part.replace(path)
            return
        part.unlink()
        problems.append(f"{url}: the checksum is wrong, the file was removed")
    raise errors.vision.download_failed(path, problems)


def _get(url: str, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "autodiff"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is left to fetch
            return
        raise
    with response:
        if response.status != 206:  # the server sends everything again
            have = 0
        size = response.headers.get("Content-Length")
        chunks = -(-int(size) // CHUNK) if size else None
        with part.open("ab" if have else "wb") as file:
            for chunk in track(_chunks(response), f"downloading {Path(url).name}", chunks):
                file.write(chunk)
            if size and file.tell() < have + int(size):
                raise ConnectionError(f"broke off after {file.tell()} bytes")


def _chunks(response: Any) -> Iterator[bytes]:
    while chunk := response.read(CHUNK):
        yield chunk
