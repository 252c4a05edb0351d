"""Rendering DOT source: in process with the Graphviz that comes with pygraphviz, or with the
system's ``dot``."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["FORMATS", "render", "write_file"]

FORMATS = ("svg", "png", "pdf", "dot", "txt")


INVISIBLE = re.compile(rb'<text[^>]* fill="transparent"[^>]*>.*?</text>\n?')


def render(dot: str, file_format: str) -> bytes:
    """DOT source as an SVG, PNG or PDF file.

    Raises:
        RuntimeError: there is no Graphviz at all.
    """
    content = _drawn(dot, file_format)
    # Text that only keeps a place free is not there for screen readers and searches either.
    return INVISIBLE.sub(b"", content) if file_format == "svg" else content


def _drawn(dot: str, file_format: str) -> bytes:
    try:
        import pygraphviz
    except ImportError:
        return _render_with_system(dot, file_format)
    source = pygraphviz.AGraph(string=dot)
    if file_format == "png":
        source.graph_attr["dpi"] = "144"
    with _without_font_warnings():
        return source.draw(format=file_format, prog="dot")


@contextmanager
def _without_font_warnings() -> Iterator[None]:
    """Keep back what the C library writes about the system's font settings.

    The Graphviz in pygraphviz brings a fontconfig of its own, which complains when the system's
    settings are newer than it knows. Everything else it writes is passed on.
    """
    with tempfile.TemporaryFile() as written:
        original = os.dup(2)
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(original, 2)
            os.close(original)
            written.seek(0)
            lines = written.read().decode(errors="replace").splitlines(keepends=True)
            sys.stderr.writelines(line for line in lines if not line.startswith("Fontconfig"))


def _render_with_system(dot: str, file_format: str) -> bytes:
    import graphviz

    if shutil.which("dot") is None:
        raise RuntimeError(
            "drawing needs Graphviz, and there is none here.\n"
            "  Why: neither the pygraphviz package nor a `dot` program was found.\n"
            "  Fix: pip install pygraphviz; text and DOT work without it: print(picture), "
            "picture.save('x.dot')."
        )
    return graphviz.Source(dot).pipe(format=file_format)


def write_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"cannot write {str(target)!r}: there is no folder {str(target.parent)!r}.\n"
            "  Fix: create the folder first, or save somewhere else."
        )
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    except OSError as error:
        raise type(error)(
            f"cannot write {str(target)!r}: {error.strerror}.\n"
            "  Fix: save to a folder where you may create files."
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
