"""What goes wrong in one process ends the job, in bounded time, with a message that names it."""

from __future__ import annotations

import pytest

from tests.distributed.launch import Job, run, run_parts

pytestmark = pytest.mark.slow

TRAIN = """
    def build(hidden=3):
        return nn.Sequential(nn.Linear(2, hidden), nn.Linear(hidden, 1))

    def step(model):
        model(ad.ones(4, 2)).sum().backward()
"""


def failed(program: str, *parts: str, first: str = "", timeout: float = 30) -> Job:
    """Run a job that must fail soon, with all of these parts in what it says."""
    job = run(program, 3, first=first, timeout=timeout, limit=timeout + 20)
    assert job.code != 0
    for part in parts:
        assert part in job.err, job.err
    return job


def test_an_exception() -> None:
    failed("dist.barrier()\nif rank == 1: 1 / 0\ndist.barrier()", "rank 1 of 3", "ZeroDivision")


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(0)"])
def test_death(end: str) -> None:
    failed(f"import os\nif rank == 1: {end}\ndist.barrier()", "process rank 1")


def test_an_early_end() -> None:
    """One process leaves without a word; the others do not wait out their time."""
    program = "dist.barrier()\nif rank == 1: sys.exit(0)\ndist.all_reduce(ad.ones(2))"
    job = failed(program, "rank 1 has ended its program without it", "all_reduce SUM")
    assert "timed out" not in job.err


def test_a_hanging_rank() -> None:
    program = "import time\nif rank == 1: time.sleep(60)\ndist.all_reduce(ad.ones(2))"
    failed(program, "timed out after 3 s in all_reduce SUM", "rank 1 does not answer", timeout=3)


def test_a_rank_that_hangs_before_it_joins() -> None:
    first = """
        import os, time
        if os.environ["OMPI_COMM_WORLD_RANK"] == "1":
            time.sleep(60)
    """
    failed("", "wait_for_every_rank_to_start", first=first, timeout=3)


def test_a_rank_that_hangs_when_the_others_are_done() -> None:
    program = "import time\nif rank == 1: time.sleep(60)"
    failed(program, "the end of the job", "rank 1 does not answer", timeout=3)


def test_what_processes_do_differently() -> None:
    """All are told of all; these programs catch it, and begin again with a new group."""
    run_parts(
        3,
        prepare="""
            def told(call):
                try:
                    call()
                except RuntimeError as error:
                    dist.destroy_process_group()
                    dist.init_process_group(timeout=timedelta(seconds=30))
                    return str(error)
                raise AssertionError("no error")
            globals().update(told=told)
        """,
        collectives="""
            x = ad.ones(3).double() if rank == 0 else ad.ones(2)
            message = told(lambda: dist.all_reduce(x))
            assert "rank 1: all_reduce SUM of a float32 tensor" in message
            assert "rank 0: all_reduce SUM of a float64 tensor of shape [3]" in message

            x = ad.ones(2)
            message = told(lambda: dist.broadcast(x, 0) if rank == 0 else dist.all_reduce(x))
            assert "rank 0: broadcast from" in message
            assert "rank 1: all_reduce SUM of a float32 tensor" in message
        """,
        parameters="""
            wrap = nn.parallel.DistributedDataParallel
            hidden = 4 if rank == 1 else 3
            model = nn.Sequential(nn.Linear(2, hidden), nn.Linear(hidden, 1))
            message = told(lambda: wrap(model))
            assert "rank 0: parameter 0.weight: float32 of shape [3, 2]" in message
            assert "rank 1: parameter 0.weight: float32 of shape [4, 2]" in message

            more = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1, bias=rank != 2))
            message = told(lambda: wrap(more))
            assert "rank 2: no more parameters" in message
            assert "rank 0: parameter 1.bias" in message
        """,
    )


def test_another_shape_of_a_parameter_ends_the_job() -> None:
    program = TRAIN + "    nn.parallel.DistributedDataParallel(build(4 if rank == 1 else 3))"
    failed(program, "rank 1: parameter 0.weight: float32 of shape [4, 2]")


def test_a_hang_in_the_middle_of_training() -> None:
    """The message names the rank that is missing and the parameters that wait for it."""
    program = (
        TRAIN
        + """
    import time
    model = nn.parallel.DistributedDataParallel(build())
    step(model)
    if rank == 1:
        time.sleep(60)
    step(model)
    """
    )
    parts = ("gradient bucket 0: 1.bias, 1.weight", "rank 1 does not answer")
    failed(program, *parts, timeout=3)


def test_fewer_batches_on_one_rank() -> None:
    program = (
        TRAIN
        + """
    model = nn.parallel.DistributedDataParallel(build())
    for _ in range(3 if rank == 1 else 4):
        step(model)
    """
    )
    failed(program, "rank 1 has ended its program without it", "gradient bucket 0: 1.bias")


def test_a_parameter_that_one_rank_does_not_use() -> None:
    program = """
        class Half(nn.Module):
            def __init__(self):
                super().__init__()
                self.used, self.unused = nn.Linear(2, 1), nn.Linear(2, 1)

            def forward(self, x):
                return self.used(x) if rank == 2 else self.used(x) + self.unused(x)

        model = nn.parallel.DistributedDataParallel(Half())
        model(ad.ones(4, 2)).sum().backward()
    """
    failed(program, "loss on rank 2", "unused.bias, unused.weight", "find_unused_parameters=True")
