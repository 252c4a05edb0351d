"""Programs that reduce, order and count, and the inputs ``x`` to run each of them on."""

from __future__ import annotations

from math import inf, nan
from typing import Any

INPUTS: dict[str, Any] = {
    "ties": [[1.0, 3.0, 3.0, -2.0], [0.0, 0.0, 2.0, 5.0], [-1.0, -1.0, 0.5, 4.0]],
    "vector": [3.0, 1.0, 3.0, 2.0, 1.0],
    "number": 2.0,
    "one": [5.0],
    "empty": [],
    "no rows": (0, 3),
    "no columns": (3, 0),
    "nan": [[1.0, nan, 3.0], [nan, nan, 0.0], [2.0, -1.0, 2.0]],
    "inf": [[inf, 1.0, -inf], [inf, inf, 0.0], [-inf, -inf, -inf]],
    "zeros": [[0.0, 2.0, 3.0], [0.0, 0.0, 5.0], [1.0, 2.0, 4.0]],
    "three": [[[5.0, 1.5], [2.0, -3.0]], [[0.5, 7.0], [-2.5, 4.0]], [[6.0, 8.0], [9.0, -1.0]]],
}
"""Elements, or the shape of a tensor without any."""

PROGRAMS = """
x.sum()
x.sum(0)
x.sum(-1)
x.sum((0, -1))
x.sum(())
x.sum([])
x.sum(0, True)
x.sum(dim=0, keepdim=True)
m.sum(x, dim=-1)
x.sum(dtype=m.float64)
x.sum(5)
x.sum(-4)
x.sum((0, 0))
x.sum(0.5)
x.mean()
x.mean(0)
x.mean(-1, True)
x.mean((0, -1))
x.mean(())
x.mean(dtype=m.float64)
x.mean(5)
x.prod()
x.prod(0)
x.prod(-1, True)
x.prod(dtype=m.float64)
x.prod(5)
x.prod((0, 1))
x.var()
x.var(0)
x.var(-1)
x.var((0, -1))
x.var(0, False)
x.var(False)
x.var(unbiased=False)
x.var(correction=0)
x.var(correction=2)
x.var(0, correction=0, keepdim=True)
x.var(dim=0, keepdim=True)
x.var(0, True, True)
x.std()
x.std(0)
x.std(False)
x.std(correction=0)
x.std((0, -1), keepdim=True)
x.std(unbiased=False)
x.std(5)
m.var_mean(x)
m.var_mean(x, 0)
m.var_mean(x, dim=-1, correction=0, keepdim=True)
m.std_mean(x)
m.std_mean(x, (0, -1), keepdim=True)
x.max()
x.max(0)
x.max(-1)
x.max(0, True)
x.max(dim=0)
x.max(5)
x.max(x * 0)
x.min()
x.min(0)
x.min(-1, keepdim=True)
x.min(x * 0 + 1)
m.max(x, 0)
x.amax()
x.amax(0)
x.amax(())
x.amax(-1, True)
x.amax(5)
x.amin()
x.amin(0)
x.amin(0, keepdim=True)
x.aminmax()
x.aminmax(dim=0)
x.aminmax(dim=-1, keepdim=True)
x.argmax()
x.argmax(0)
x.argmax(-1, True)
x.argmax(keepdim=True)
x.argmax(5)
x.argmin()
x.argmin(0)
x.argmin(-1, True)
x.all()
x.all(0)
x.all(-1, True)
x.all((0, -1))
x.all(5)
x.any()
x.any(0)
x.any((0, -1), True)
x.count_nonzero()
x.count_nonzero(0)
x.count_nonzero((0, -1))
x.count_nonzero(5)
x.nansum()
x.nansum(0)
x.nansum((0, -1), keepdim=True)
x.nansum(dtype=m.float64)
x.nanmean()
x.nanmean(0)
x.nanmean(-1, True)
x.norm()
x.norm(2)
x.norm(1)
x.norm(0)
x.norm(inf)
x.norm(-inf)
x.norm(3)
x.norm("fro")
x.norm(dim=0)
x.norm(2, 0)
x.norm(1, -1, True)
x.norm(inf, 0)
x.norm(-inf, 0)
x.norm(3, 0)
x.norm(2, (0, 1))
x.logsumexp(0)
x.logsumexp((0, -1))
x.logsumexp(-1, True)
x.logsumexp(5)
x.cumsum(0)
x.cumsum(-1)
x.cumsum(5)
x.cumsum(0, dtype=m.float64)
x.cumprod(0)
x.cumprod(-1)
x.cumprod(5)
x.cummax(0)
x.cummax(-1)
x.cummin(0)
x.cummin(dim=-1)
x.logcumsumexp(0)
x.logcumsumexp(-1)
x.diff()
x.diff(dim=0)
x.diff(n=2)
x.diff(n=0)
x.diff(n=-1)
x.diff(prepend=x, append=x)
x.sort()
x.sort(descending=True)
x.sort(0)
x.sort(0, True)
x.sort(stable=True, descending=True)
m.sort(x, dim=0)
x.msort()
x.argsort()
x.argsort(0, True)
x.argsort(stable=True)
x.topk(1).values
x.topk(2, 0).values
x.topk(2, -1, False).values
x.topk(0)
x.topk(9)
x.kthvalue(1).values
x.kthvalue(2, 0).values
x.kthvalue(1, -1, True).values
x.kthvalue(9)
x.median()
x.median(0).values
x.median(-1, True)[0]
x.nanmedian()
x.nanmedian(0).values
x.mode()
x.mode(0)
x.mode(-1, True)
x.quantile(0.5)
x.quantile(0.3, 0)
x.quantile(m.tensor([0.25, 0.75], dtype=x.dtype), -1)
x.quantile(m.tensor([0.25, 0.75], dtype=x.dtype), 0, True)
x.quantile(0.3, 0, True)
x.quantile(1.5)
x.quantile(0.5, interpolation="nearest")
x.quantile(0.4, 0, interpolation="lower")
x.quantile(0.4, 0, interpolation="higher")
x.quantile(0.4, 0, interpolation="midpoint")
x.quantile(0.4, interpolation="none")
x.nanquantile(0.3, 0)
x.unique().detach()
m.unique(x.detach(), return_counts=True)
m.unique(x.detach(), return_inverse=True)
m.unique(x.detach(), return_inverse=True, return_counts=True)
m.unique(x.detach(), dim=0)
m.unique(x.detach(), dim=0, return_inverse=True)
m.unique(x.detach(), dim=-1, return_counts=True)
m.unique_consecutive(x.detach())
m.unique_consecutive(x.detach(), return_inverse=True, return_counts=True)
x.detach().histc(4, 0.0, 3.0)
x.detach().histc(bins=5, min=0, max=4)
m.searchsorted(m.tensor([0.0, 1.0, 1.0, 3.0]), x.detach())
m.searchsorted(m.tensor([0.0, 1.0, 1.0, 3.0]), x.detach(), right=True, out_int32=True)
m.searchsorted(m.tensor([0.0, 1.0, 1.0, 3.0]), x.detach(), side="right")
m.searchsorted(m.tensor([0.0, 1.0, 1.0, 3.0]), x.detach(), side="left", right=True)
m.searchsorted(m.tensor([3.0, 0.0, 1.0]), x.detach(), sorter=m.tensor([1, 2, 0]))
m.searchsorted(m.tensor([0.0, 1.0, 3.0]), 2.0)
m.bucketize(x.detach(), m.tensor([0.0, 1.0, 3.0]))
m.bucketize(x.detach(), m.tensor([0.0, 1.0, 3.0]), right=True)
m.isin(x, m.tensor([1.0, 3.0]))
m.isin(x, 3.0, invert=True)
m.bincount(m.tensor([1, 3, 1]))
m.bincount(m.tensor([1, 3, 1]), weights=m.tensor([0.5, 1.0, 2.0]), minlength=6)
m.bincount(m.tensor([[1, 3]]))
m.bincount(m.tensor([-1]))
m.bincount(m.tensor([0.5]))
""".strip().splitlines()

DERIVATIVES_DIFFER = {
    ("x.var", "number"): "of one element: the second derivative is 0 in PyTorch, here nan",
    ("x.var", "one"): "the same",
    ("m.var_mean", "number"): "the same",
    ("m.var_mean", "one"): "the same",
    ("x.cumprod", "inf"): "inf times 0 on the way, in another order",
    ("x.prod", "inf"): "the same",
}
"""Where derivatives differ: how the program starts, the input, and why."""

RESULTS_DIFFER = {
    (
        "m.var_mean",
        "inf",
    ): "found in one pass in PyTorch, where the mean of inf is nan",
    ("m.unique", "nan"): "rows with nan have no order",
    ("x.kthvalue", "bool"): "PyTorch refuses truth values, but not a single one",
    ("x.median", "bool"): "the same, with none",
    ("m.isin", "bool"): "PyTorch does not look for numbers among truth values",
    ("x.nanmedian", "bool"): "the same",
}
"""Where values or exceptions differ: how the program starts, the input or the dtype, and why."""

ANY_OF_EQUALS = ("x.topk(", "x.kthvalue(", "x.median(", "x.nanmedian(")
"""Which of several equal elements is taken is not specified, and the gradient goes there."""
