"""Where the time goes: how often each op ran, forward and backward, and how long it took.

>>> import autodiff as ad
>>> x = ad.ones(3, requires_grad=True)
>>> with ad.autograd.profiler.profile() as prof:
...     (x * x).sum().backward()
>>> [(event.key, event.count) for event in prof.key_averages()]
[('mul', 1), ('sum', 1), ('SumBackward0', 1), ('MulBackward0', 1)]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ContextDecorator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from autodiff.grad_mode import mode
from autodiff.naming import snake_case
from autodiff.observe import Observer

__all__ = ["Average", "Averages", "Event", "profile", "record_function"]

SORT_KEYS = (
    "count", "cpu_time", "cpu_time_total", "self_cpu_time_total", "self_cpu_time", "key",
)  # fmt: skip

PYTORCH_OPTIONS = {
    "acc_events", "activity_filters", "custom_trace_id_callback", "experimental_config",
    "post_processing_timeout_s", "profile_memory", "record_shapes", "use_cpu", "use_cuda",
    "use_device", "use_kineto", "with_flops", "with_modules", "with_stack",
}  # fmt: skip


@dataclass
class Event:
    """One run of an op, of a node's backward, or of a `record_function` block; times in ns.

    >>> from autodiff.autograd.profiler import Event
    >>> event = Event("Exp", start=1000, end=9000, children=2000)
    >>> event.cpu_time_total, event.self_cpu_time_total
    (8.0, 6.0)
    """

    name: str
    start: int
    end: int = 0
    children: int = 0
    depth: int = 0

    @property
    def cpu_time_total(self) -> float:
        """How long it took, in microseconds."""
        return (self.end - self.start) / 1000

    @property
    def self_cpu_time_total(self) -> float:
        """How long it took without what ran inside it, in microseconds."""
        return (self.end - self.start - self.children) / 1000


@dataclass
class Average:
    """All events of one name; times in microseconds.

    >>> from autodiff.autograd.profiler import Average
    >>> Average("Exp", count=4, cpu_time_total=12.0).cpu_time
    3.0
    """

    key: str
    count: int = 0
    cpu_time_total: float = 0.0
    self_cpu_time_total: float = 0.0

    @property
    def cpu_time(self) -> float:
        """The mean time of one event."""
        return self.cpu_time_total / self.count

    self_cpu_time = property(lambda self: self.self_cpu_time_total / self.count)


class Averages(list[Average]):
    """One `Average` per name, in the order in which the names first appeared.

    >>> from autodiff.autograd.profiler import Average, Averages
    >>> averages = Averages([Average("Exp", 4, 12.0, 12.0), Average("Log", 1, 3.0, 3.0)])
    >>> averages.self_cpu_time_total, averages.total_average().count
    (15.0, 5)
    """

    @property
    def self_cpu_time_total(self) -> float:
        """The time spent in all of them, in microseconds."""
        return sum(average.self_cpu_time_total for average in self)

    def total_average(self) -> Average:
        """All of them as one."""
        return Average(
            "Total",
            sum(average.count for average in self),
            sum(average.cpu_time_total for average in self),
            self.self_cpu_time_total,
        )

    def table(self, sort_by: str | None = None, row_limit: int = 100, **layout: Any) -> str:
        """The averages as a table.

        Args:
            sort_by: "self_cpu_time_total", "cpu_time_total", "cpu_time" or "count", the largest
                first; in the order of appearance by default.
            row_limit: at most this many rows; -1 for all.
            layout: PyTorch's other settings of the layout are accepted and change nothing.

        Raises:
            ValueError: an unknown ``sort_by``.
        """
        rows: Sequence[Average] = self
        if sort_by is not None:
            if sort_by not in SORT_KEYS:
                raise ValueError(f"sort_by must be one of {', '.join(SORT_KEYS)}, not {sort_by!r}")
            rows = sorted(self, key=lambda a: getattr(a, sort_by), reverse=sort_by != "key")
        if row_limit >= 0:
            rows = rows[:row_limit]
        total = self.self_cpu_time_total
        return _table(rows, total) + f"\nSelf CPU time total: {_time(total)}"

    def __str__(self) -> str:
        return self.table()


class profile(Observer):  # noqa: N801 - PyTorch's name
    """Inside, each op and each node of a backward pass is timed.

    Measuring takes time itself, which is not part of what is shown: about a microsecond per op
    goes to Python around the measured part. Nothing is measured, and nothing costs, outside.

    Args:
        enabled: with False nothing is measured.
        options: PyTorch's other options are accepted and change nothing: there is one kind of
            device, and neither shapes, memory nor stacks are recorded.

    Raises:
        TypeError: an option that PyTorch does not have either.

    >>> import autodiff as ad
    >>> with ad.autograd.profiler.profile() as prof:
    ...     y = ad.ones(2) + 1
    >>> [(row.key, row.count) for row in prof.key_averages()]
    [('add', 1)]
    >>> table = prof.key_averages().table(sort_by="cpu_time_total")
    """

    def __init__(self, enabled: bool = True, **options: Any) -> None:
        if unknown := set(options) - PYTORCH_OPTIONS:
            raise TypeError(f"profile() got an unexpected keyword argument {min(unknown)!r}")
        self.enabled = enabled
        self.events: list[Event] = []
        self._open: list[Event] = []
        self._last = Event("", 0)

    def __enter__(self) -> profile:
        return super().__enter__() if self.enabled else self

    def __exit__(self, *exception: object) -> None:
        if self.enabled:
            super().__exit__()

    def around(self, name: str, run: Callable[[], Any]) -> Any:
        return self.measure(snake_case(name), run)

    def made(self, node: Any, result: Any) -> None:
        node.metadata["forward_time"] = self._last.cpu_time_total / 1e6

    def step(self, node: Any, run: Callable[[], Any]) -> Any:
        result = self.measure(node.name(), run)
        node.metadata["backward_time"] = self._last.cpu_time_total / 1e6
        return result

    def measure(self, name: str, run: Callable[[], Any]) -> Any:
        """Run, and note how long it took."""
        event = self.begin(name)
        try:
            return run()
        finally:
            self.finish(event)

    def begin(self, name: str) -> Event:
        event = Event(name, 0, depth=len(self._open))
        self.events.append(event)
        self._open.append(event)
        event.start = perf_counter_ns()
        return event

    def finish(self, event: Event) -> None:
        event.end = perf_counter_ns()
        self._last = self._open.pop()
        if self._open:
            self._open[-1].children += event.end - event.start

    @property
    def function_events(self) -> list[Event]:
        """Every event, in the order in which they began."""
        return self.events

    @property
    def self_cpu_time_total(self) -> float:
        """The time spent in all events, in microseconds."""
        return self.key_averages().self_cpu_time_total

    def key_averages(self, **grouping: Any) -> Averages:
        """One entry for each name of op, node or block."""
        averages: dict[str, Average] = {}
        for event in self.events:
            average = averages.setdefault(event.name, Average(event.name))
            average.count += 1
            average.cpu_time_total += event.cpu_time_total
            average.self_cpu_time_total += event.self_cpu_time_total
        return Averages(averages.values())

    def total_average(self) -> Average:
        """All events as one."""
        return self.key_averages().total_average()

    def table(self, sort_by: str | None = None, row_limit: int = 100, **layout: Any) -> str:
        """The averages as a table: see `Averages.table`."""
        return self.key_averages().table(sort_by, row_limit, **layout)

    def __str__(self) -> str:
        return self.table()

    def export_chrome_trace(self, path: str | Path) -> None:
        """Write the events as a file that chrome://tracing and Perfetto show on a time line."""
        events = [
            {"name": e.name, "ph": "X", "ts": e.start / 1000, "dur": e.cpu_time_total,
             "pid": 0, "tid": 0}
            for e in self.events
        ]  # fmt: skip
        Path(path).write_text(json.dumps({"traceEvents": events}))


class record_function(ContextDecorator):  # noqa: N801 - PyTorch's name
    """A name for what runs inside: it becomes a line of its own in the profile.

    >>> import autodiff as ad
    >>> with ad.autograd.profiler.profile() as prof:
    ...     with ad.autograd.profiler.record_function("my block"):
    ...         y = ad.ones(2) + 1
    >>> [event.key for event in prof.key_averages()]
    ['my block', 'add']
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self._open: list[tuple[profile, Event]] = []

    def _recreate_cm(self) -> record_function:
        return record_function(self.name)

    def __enter__(self) -> record_function:
        for observer in mode.observers:
            if isinstance(observer, profile):
                self._open.append((observer, observer.begin(self.name)))
        return self

    def __exit__(self, *exception: object) -> None:
        while self._open:
            observer, event = self._open.pop()
            observer.finish(event)


HEADINGS = (
    "Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg", "# of Calls",
)  # fmt: skip


def _table(rows: Sequence[Average], total: float) -> str:
    def share(time: float) -> str:
        return f"{100 * time / total:.2f}%" if total else "-"

    cells = [
        (row.key, share(row.self_cpu_time_total), _time(row.self_cpu_time_total),
         share(row.cpu_time_total), _time(row.cpu_time_total), _time(row.cpu_time), str(row.count))
        for row in rows
    ]  # fmt: skip
    widths = [max(len(row[i]) for row in (HEADINGS, *cells)) for i in range(len(HEADINGS))]
    rule = "  ".join("-" * width for width in widths)

    def line(row: Sequence[str]) -> str:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        return "  ".join([row[0].ljust(widths[0]), *numbers])

    return "\n".join([rule, line(HEADINGS), rule, *map(line, cells), rule])


def _time(microseconds: float) -> str:
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{microseconds / size:.3f}{unit}"
    return f"{microseconds:.3f}us"
