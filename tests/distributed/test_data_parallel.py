"""DistributedDataParallel: several processes train what one would."""

from __future__ import annotations

from pathlib import Path

import pytest

import autodiff as ad
from tests.distributed.launch import ROOT, run, run_parts, run_well

pytestmark = pytest.mark.slow

DIGITS = ROOT / "examples" / "distributed_digits.py"


def weights_equal(a: Path, b: Path, tolerance: float) -> bool:
    left, right = ad.load(a), ad.load(b)
    assert list(left) == list(right)
    return all((left[name] - right[name]).abs().max().item() <= tolerance for name in left)


def test_four_processes_train_the_weights_of_one(tmp_path: Path) -> None:
    for ranks in (1, 4):
        run_well(DIGITS, ranks, "--weights", str(tmp_path / f"{ranks}.pt"))
    assert weights_equal(tmp_path / "1.pt", tmp_path / "4.pt", 1e-10)


def test_a_training_that_died_goes_on(tmp_path: Path) -> None:
    """The process that saves is killed while it saves; the others go with it, the file is whole."""
    straight, resumed, checkpoint = (str(tmp_path / name) for name in ("a.pt", "b.pt", "c.pt"))
    run_well(DIGITS, 2, "--epochs", "4", "--weights", straight)
    killed = f"""
        import os, runpy
        dist.destroy_process_group()
        replace, calls = os.replace, []
        def interrupted(*names):
            calls.append(names)
            if len(calls) == 3:
                os.kill(os.getpid(), 9)
            replace(*names)
        os.replace = interrupted
        sys.argv = [{str(DIGITS)!r}, "--epochs", "4", "--checkpoint", {checkpoint!r}]
        runpy.run_path(sys.argv[0], run_name="__main__")
    """
    assert run(killed, 2).code != 0
    assert ad.load(checkpoint)["epoch"] == 2
    options = ("--checkpoint", checkpoint, "--weights", resumed)
    out = run_well(DIGITS, 2, "--epochs", "4", *options)
    assert "epoch 2" not in out
    assert "epoch 3" in out
    assert weights_equal(Path(straight), Path(resumed), 0)


def test_gradients_are_averages_of_all_processes() -> None:
    run_well(
        """
        from autodiff.nn.parallel import DistributedDataParallel
        ad.manual_seed(rank)  # different weights, made equal by the wrapper
        plain = nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3)).double()
        model = DistributedDataParallel(plain, bucket_cap_mb=1e-4)
        assert len(model._reducer.buckets) > 2
        assert list(model.state_dict()) == ["module." + name for name in plain.state_dict()]

        ad.manual_seed(9)
        x = ad.randn(4 * size, 5, dtype=ad.float64)
        one = nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3)).double()
        weights = plain.state_dict()
        gathered = [ad.zeros(7, 5, dtype=ad.float64) for _ in range(size)]
        dist.all_gather(gathered, weights["0.weight"])
        assert all((w == weights["0.weight"]).all() for w in gathered)
        one.load_state_dict(weights)

        def same(factor=1):
            return all(
                np.allclose(p.grad.numpy(), factor * q.grad.numpy(), atol=1e-14)
                for p, q in zip(plain.parameters(), one.parameters())
            )

        own = x[rank::size]
        model(own).pow(2).mean().backward()
        one(x).pow(2).mean().backward()
        assert same()
        model(own).pow(2).mean().backward()  # gradients add up, as everywhere
        assert same(2)

        model.zero_grad()
        with model.no_sync():
            model(own[:2]).pow(2).sum().backward()
        local = plain[0].weight.grad.clone()
        dist.all_gather(gathered, local)
        assert not (gathered[0] == gathered[1]).all()
        model(own[2:]).pow(2).sum().backward()
        one.zero_grad()
        one(x).pow(2).sum().backward()
        assert same(1 / size)

        outputs = model(own)  # two passes through one graph
        model.zero_grad()
        outputs.sum().backward(retain_graph=True)
        (2 * outputs.sum()).backward()
        one.zero_grad()
        (one(x).sum() * 3).backward()
        assert same(1 / size)
        """,
        3,
    )


def test_on_two_processes() -> None:
    out = run_parts(
        2,
        buffers_halves_and_unused_parameters="""
        from autodiff.nn.parallel import DistributedDataParallel
        net = DistributedDataParallel(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)))
        for _ in range(2):
            net(ad.randn(8, 2) + rank).sum().backward()
        net(ad.randn(8, 2))
        mean = net.module[1].running_mean
        assert net.module[1].num_batches_tracked.item() == 3
        with ad.no_grad():
            net.eval()
            net(ad.ones(1, 2))
        means = [ad.zeros(3) for _ in range(size)]
        dist.all_gather(means, mean)
        assert (means[0] == means[1]).all(), means

        half = DistributedDataParallel(nn.Linear(2, 1).half())
        half(ad.ones(1, 2).half() * (rank + 1)).sum().backward()
        grad = half.module.weight.grad
        assert grad.dtype == ad.float16 and grad.tolist() == [[1.5, 1.5]]

        class Choice(nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b, self.c = (nn.Linear(2, 1, bias=False) for _ in range(3))
                self.frozen = nn.Linear(2, 2).requires_grad_(False)
            def forward(self, x):
                return {"out": (self.a if rank == 0 else self.b)(self.frozen(x) * 0 + x)}

        model = DistributedDataParallel(Choice(), find_unused_parameters=True)
        for step in (1, 2):
            model(ad.ones(1, 2))["out"].sum().backward()
            grads = [p.grad.tolist() if p.grad is not None else None
                     for p in (model.module.a.weight, model.module.b.weight)]
            assert grads == [[[0.5 * step, 0.5 * step]]] * 2, grads
            assert model.module.c.weight.grad is None
            assert model.module.frozen.weight.grad is None
        """,
        a_pass_that_broke_off="""
        from autodiff.nn.parallel import DistributedDataParallel
        class Nothing(ad.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2
            @staticmethod
            def backward(ctx, g):
                return None
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.last = nn.Linear(2, 2), nn.Linear(2, 1)
            def forward(self, x):
                return self.last(Nothing.apply(self.first(x)))
        model = DistributedDataParallel(Model())
        model(ad.ones(1, 2)).sum().backward()
        try:
            model(ad.ones(1, 2))
        except RuntimeError as error:
            assert "Expected to have finished reduction" in str(error)
            assert "first.bias, first.weight" in str(error)
        else:
            raise AssertionError("no error")
        try:
            DistributedDataParallel(nn.Flatten())
        except RuntimeError as error:
            assert "not needed" in str(error)
        """,
        second_derivatives="""
        import warnings
        from autodiff.nn.parallel import DistributedDataParallel
        net = nn.Linear(2, 1, bias=False).double()
        model = DistributedDataParallel(net)
        x = ad.ones(1, 2, dtype=ad.float64) * (rank + 1)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            model(x).pow(2).sum().backward(create_graph=True)
        assert [w.category for w in told] == [UserWarning]
        assert "higher-order gradient will not be synchronized" in str(told[0].message)
        w = net.weight.sum().item()
        assert net.weight.grad.requires_grad
        assert np.allclose(net.weight.grad.tolist(), 2 * w * (1 + 4) / 2)  # the mean over both

        # As the message says: without the wrapper, and all_reduce at the end.
        net.zero_grad()
        loss = net(x).pow(2).sum()
        (grad,) = ad.autograd.grad(loss, [net.weight], create_graph=True)
        grad.pow(2).sum().backward()
        dist.all_reduce(net.weight.grad, dist.ReduceOp.AVG)
        assert np.allclose(net.weight.grad.tolist(), 16 * w * (1 + 16) / 2)
        """,
        buckets_leave_before_the_pass_is_over="""
        import viz
        from autodiff.nn.parallel import DistributedDataParallel
        deep = nn.Sequential(*(nn.Linear(200, 200) for _ in range(12)))
        model = DistributedDataParallel(deep, bucket_cap_mb=0.4)
        for _ in range(3):
            model(ad.ones(64, 200)).sum().backward()
        log = model.reductions
        assert log.ranks == size
        assert [name for bucket in log.buckets for name in bucket.names] == [
            name for name, _ in reversed(list(deep.named_parameters()))
        ]
        assert sum(bucket.nbytes for bucket in log.buckets) == 12 * (200 * 200 + 200) * 4
        assert len(log.ready) == 24 and log.ready[0][0].startswith("11.")
        early = [bucket for bucket in log.buckets if bucket.started < log.waited]
        assert len(early) >= len(log.buckets) - 1
        assert all(b.started <= b.finished <= log.ended for b in log.buckets)
        if rank == 0:
            print(viz.reductions(model))
        """,
    )
    assert "bucket 0" in out
    assert "11.bias" in out
