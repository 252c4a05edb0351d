"""What the check of a learner's file says."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["STATUSES", "UNREPORTED", "Report"]

STATUSES = ("passed", "failed", "unfinished", "broken")

UNREPORTED = 77
"""The exit code of a check whose report could not be written."""


@dataclass(frozen=True)
class Report:
    """The result of one check.

    ``status`` is "passed", "failed" (the check found something), "unfinished" (there is nothing to
    check yet), or "broken" (the file could not be run). ``what`` says it, ``hint`` is meant for
    this mistake, ``picture`` shows it, and ``output`` is what the file printed.
    """

    status: str
    what: str = ""
    hint: str = ""
    picture: str = ""
    output: str = ""

    @property
    def passed(self) -> bool:
        return self.status == "passed"

    @property
    def feedback(self) -> str:
        """All that is said to the learner."""
        return "\n".join(part for part in (self.what, self.hint, self.picture) if part)

    def fields(self) -> dict[str, str]:
        """The report as plain data."""
        return asdict(self)
