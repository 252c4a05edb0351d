"""Tensors of a GPU travel between processes: by way of the host, or read by MPI where they are."""

from __future__ import annotations

import pytest

from tests.distributed.launch import run_well

PROGRAM = """
from autodiff.backends.cuda.operations import CudaArray
from autodiff.distributed.buffers import array_of

def tensor(*values, dtype=None):
    return ad.tensor(values, dtype=dtype, device="cuda")

assert isinstance(array_of(tensor(1.0)), CudaArray) == READS

for dtype in (ad.float32, ad.float16, ad.int64):
    x = tensor(1, 2, dtype=dtype) + rank
    dist.all_reduce(x)
    assert x.tolist() == [3, 5] and x.is_cuda and x.dtype == dtype
x = tensor(1.0, 2.0) + rank
dist.all_reduce(x, dist.ReduceOp.AVG)
assert x.tolist() == [1.5, 2.5]
every_other = (ad.arange(4.0, device="cuda") + rank)[::2]
dist.all_reduce(every_other)
assert every_other.tolist() == [1, 5]
some = tensor(rank == 1, False)
dist.all_reduce(some, dist.ReduceOp.MAX)
assert some.tolist() == [True, False]

x = tensor(1.0, 2.0) * rank
dist.broadcast(x, src=1)
assert x.tolist() == [1, 2]
parts = [ad.zeros(2, device="cuda") for _ in range(size)]
dist.all_gather(parts, tensor(0.0, 1.0) + rank)
assert [part.tolist() for part in parts] == [[0, 1], [1, 2]]

ad.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double().to("cuda")
alone = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()
alone.load_state_dict({name: x.cpu() for name, x in model.state_dict().items()})
batch = ad.randn(4, 3, dtype=ad.float64)
shared = nn.parallel.DistributedDataParallel(model)
shared(batch[rank::2].to("cuda")).square().mean().backward()
alone(batch).square().mean().backward()
for p, q in zip(model.parameters(), alone.parameters()):
    assert p.grad.is_cuda and (p.grad.cpu() - q.grad).abs().max() < 1e-12
"""


@pytest.mark.parametrize("reads", ["0", "1"])
def test_two_processes(reads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_MPI_READS_GPUS", reads)
    run_well(PROGRAM.replace("READS", str(reads == "1")), 2)
