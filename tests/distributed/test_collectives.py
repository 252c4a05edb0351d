"""What each collective gives, on three processes, for every kind of tensor that travels."""

from __future__ import annotations

import pytest

import autodiff as ad
from tests.distributed.launch import run_parts, run_well

pytestmark = pytest.mark.slow


def test_on_three_processes() -> None:
    run_parts(
        3,
        reductions="""
        Op = dist.ReduceOp
        for dtype in (ad.float64, ad.float32, ad.float16, ad.int64, ad.int8, ad.uint8):
            expected = {Op.SUM: [6, 9], Op.PRODUCT: [6, 24], Op.MIN: [1, 2], Op.MAX: [3, 4]}
            if dtype.is_floating_point:
                expected[Op.AVG] = [2, 3]
            for op, values in expected.items():
                x = ad.tensor([1, 2], dtype=dtype) + rank
                memory = x.value
                assert dist.all_reduce(x, op) is None
                assert x.tolist() == values and x.dtype == dtype, (dtype, op, x)
                assert x.value is memory

                x = ad.tensor([1, 2], dtype=dtype) + rank
                dist.reduce(x, 2, op)
                assert x.tolist() == (values if rank == 2 else [1 + rank, 2 + rank]), (dtype, op)

        some = ad.tensor([rank == 1, True, False])
        dist.all_reduce(some, Op.MAX)
        assert some.tolist() == [True, True, False]
        alone = ad.tensor(2.0, requires_grad=True)
        dist.all_reduce(alone)
        assert alone.item() == 6 and alone.is_leaf
        nothing = ad.zeros(0, 3)
        dist.all_reduce(nothing)
        assert nothing.shape == (0, 3)
        """,
        moving_tensors="""
        for dtype in (ad.float64, ad.float16, ad.int32, ad.bool):
            own = (ad.arange(6).reshape(2, 3) % 2 + rank).to(dtype)
            all_of_them = [(ad.arange(6).reshape(2, 3) % 2 + r).to(dtype) for r in range(size)]

            x = own.clone()
            dist.broadcast(x, src=1)
            assert x.tolist() == all_of_them[1].tolist()

            parts = [ad.zeros(2, 3, dtype=dtype) for _ in range(size)]
            dist.all_gather(parts, own)
            assert [x.tolist() for x in parts] == [x.tolist() for x in all_of_them]

            parts = [ad.zeros(2, 3, dtype=dtype) for _ in range(size)]
            dist.gather(own, parts if rank == 2 else None, dst=2)
            expected = [x.tolist() for x in all_of_them] if rank == 2 else [[[0] * 3] * 2] * 3
            assert [x.tolist() for x in parts] == expected

            x = ad.zeros(2, 3, dtype=dtype)
            dist.scatter(x, all_of_them if rank == 0 else None, src=0)
            assert x.tolist() == own.tolist()
        """,
        views_versions_and_waiting="""
        import time
        table = ad.zeros(3, 4)
        column = table[:, 1]
        column += rank
        dist.all_reduce(column)
        assert table[:, 1].tolist() == [3, 3, 3] and table.sum().item() == 9

        w = ad.ones(2, requires_grad=True)
        factor = ad.ones(2)
        product = w * factor
        dist.broadcast(factor, 0)
        before = factor._version
        dist.all_reduce(factor)
        assert factor._version > before
        try:
            product.sum().backward()
        except RuntimeError as error:
            assert "inplace operation" in str(error)
        else:
            raise AssertionError("a saved value was overwritten, and nobody noticed")

        x, y = ad.ones(1000) * rank, ad.ones(3)
        works = [dist.all_reduce(x, async_op=True), dist.all_reduce(y, async_op=True)]
        assert all(work.wait() for work in works) and all(work.is_completed() for work in works)
        assert x[999].item() == 3 and y[0].item() == 3

        if rank == 1:
            time.sleep(0.3)
        began = time.monotonic()
        dist.barrier()
        assert rank == 1 or time.monotonic() - began > 0.1
        dist.destroy_process_group()
        assert not dist.is_initialized()
        dist.init_process_group("mpi", world_size=3, rank=rank)
        dist.barrier()
        """,
        mistakes="""
        def message(call, kind):
            try:
                call()
            except kind as error:
                return str(error)
            raise AssertionError("no error")

        x, Op = ad.ones(2), dist.ReduceOp
        assert "twice" in message(dist.init_process_group, ValueError)
        assert "0 to 2" in message(lambda: dist.broadcast(x, 3), ValueError)
        assert "0 to 2" in message(lambda: dist.reduce(x, -1), ValueError)
        assert "3 tensors" in message(lambda: dist.all_gather([x], x), ValueError)
        other = [ad.ones(2), ad.ones(3), ad.ones(2)]
        assert "shape [3]" in message(lambda: dist.all_gather(other, x), ValueError)
        if rank == 0:
            assert "must be specified" in message(lambda: dist.gather(x), ValueError)
        else:
            assert "must NOT" in message(lambda: dist.scatter(x, [x, x, x]), ValueError)
        whole = ad.ones(2, dtype=ad.int64)
        assert "Fix: use SUM" in message(lambda: dist.all_reduce(whole, Op.AVG), RuntimeError)
        assert "MAX (or)" in message(lambda: dist.all_reduce(whole > 0), RuntimeError)
        dist.destroy_process_group()
        init = dist.init_process_group
        assert "mpiexec says 3" in message(lambda: init(world_size=2), ValueError)
        """,
    )


def test_alone() -> None:
    """Without ``mpiexec`` there is one process, and every collective works."""
    out = run_well(
        """
        x = ad.tensor([1.0, 2.0])
        dist.all_reduce(x)
        dist.broadcast(x, 0)
        parts = [ad.zeros(2)]
        dist.all_gather(parts, x)
        dist.scatter(x, [parts[0] * 2])
        print(x, dist.get_backend())
        """,
        1,
    )
    assert out == "tensor([2., 4.]) mpi\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backend": "nccl"}, "Invalid backend: 'nccl'"),
        ({"init_method": "tcp://10.1.1.20:23456"}, "No rendezvous handler"),
    ],
)
def test_options_of_another_backend(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ad.distributed.init_process_group(**options)


def test_before_the_group_is_there() -> None:
    with pytest.raises(ValueError, match="has not been initialized"):
        ad.distributed.all_reduce(ad.ones(2))
    with pytest.raises(ValueError, match="has not been initialized"):
        ad.distributed.get_rank()
