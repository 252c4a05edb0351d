"""Programs that pick elements and write them: indexing, gather, scatter, masks."""

PROGRAMS = """
x[0]
x[-1]
x[0, 1]
x[1:]
x[:, ::2]
x[..., 0]
x[None]
x[:, None, 1]
x[...]
x[:]
z[0, :, 1]
z[..., None, 0]
x[5]
x[0, 0, 0]
s[0]
s[...]
s[None]
x[i]
x[[0, 2]]
x[:, [0, 2]]
x[0, [0, 2]]
x[i, 1]
x[i, i]
x[[0, 1], [1, 2]]
x[i[:, None], L([0, 3])]
z[0, :, [0, 1]]
z[[0, 1], :, 0]
z[0, ..., [0, 1]]
z[None, 0, :, i]
z[:, 0, mask[0]]
z[0, mask]
x[[]]
z[:, [0, 1], 1:]
z[[0, 1], :, [0, 1]]
x[L(1)]
x[L([-1])]
x[L([5])]
x[L([0, 1]), L([0, 1, 2])]
x[mask]
x[~mask]
x[L([True, False, True])]
x[:, L([True, False, True, False])]
x[[True, False, True]]
x[L([True, False])]
x[True].shape
x[L(True)].shape
x[1.5]
x[L([0.5])]
x[L([0, 1], dtype=m.int32)]
x[range(2)]
x[::-1]
x.gather(0, i[None])
x.gather(1, L([[0, 0], [3, 1], [2, 2]]))
x.gather(-1, L([[0, 0]]))
x.gather(0, L([[5]]))
x.gather(0, L([[-1]]))
x.gather(0, L([0]))
x.gather(0, L([[0]], dtype=m.int32))
x.gather(1, L([[0], [0], [0], [0]]))
s.gather(0, L([0, 0]))
m.gather(z, 2, L([[[0], [1], [2]]]))
x.scatter(0, L([[2, 0, 1]]), x[1:2, :3])
x.scatter(1, L([[0, 1], [2, 3]]), 2 * x[1:, :2])
x.scatter(0, i[None], x)
x.scatter(0, L([[0, 1]]), 1.0)
x[0].scatter(0, L(1), 3.0)
x[0].scatter(0, L(1), x[1, 0])
x[0].clone().scatter_(0, L(2), value=1)
x.scatter(0, L([[0, 1]]), value=1.0)
x.scatter(0, L([[0, 1]]), x.detach(), reduce="add").detach()
x.detach().scatter(0, L([[0, 0]]), 2.0, reduce="multiply")
x.detach().scatter(0, L([[0, 1]]), x.detach(), reduce="multiply")
xf.scatter(0, L([[0, 1]]), 1.0, reduce="mul")
xf.scatter(0, L([[5]]), 1.0)
xf.scatter(0, L([[0]]), xi)
xf.scatter(0, L([[0, 1, 0, 1, 1]]), xf)
xf.scatter(0, L([[0, 1]]), xf[:, :1])
x.scatter_add(0, i[None], x[:1, :3])
x.scatter_add(1, L([[0, 0], [1, 1]]), 3 * x[1:, :2])
x.scatter_add(0, i[None], x)
xf.scatter_add(0, L([[0]]), xi)
s.scatter_add(0, L([0]), L([2.0]))
z.scatter_add(2, L([[[1, 1]]]), z[1:, 1:2, :2])
x.index_select(0, i)
x.index_select(1, L([3, 0]))
x.index_select(-1, L([], dtype=m.int64))
x.index_select(0, L(1))
x.index_select(0, L([0], dtype=m.int32))
x.index_select(0, L([3]))
x.index_select(0, L([-1]))
x.index_select(0, L([[0]]))
x.index_select(0, L([0.0]))
s.index_select(0, L([0]))
x.index_add(0, i, x)
x.index_add(1, i, x[:, :3], alpha=2)
xf.index_add(0, L([0, 1]), xf)
xf.index_add(0, L([5]), xf[:1])
xf.index_add(0, L([0]), xi[:1])
x.index_copy(0, L([2, 0]), x[:2] * 2)
x.index_copy(1, L([1]), x[:, :1] * 3)
xf.index_copy(0, L([0, 1]), xf)
xf.index_copy(0, L([5]), xf[:1])
xf.index_copy(0, L([0]), xi[:1])
x.index_fill(0, i, 1.0)
x.index_fill(1, L([-1]), 2)
x.index_fill(0, L([0]), v.sum())
xi.index_fill(0, L([0]), 1.5)
x.index_fill(0, L([5]), 1)
x.index_fill(0, L([0]), L([1.0]))
x.masked_fill(mask, 0.0)
x.masked_fill(mask, -1)
x.masked_fill(mask, v.sum())
x.masked_fill(mask[0], 9)
x.masked_fill(L(True), 9)
s.masked_fill(L([True, False]), 0)
v.masked_fill(mask, 1.0)
xi.masked_fill(mask, 1.5)
xi.masked_fill(mask, L(1.5))
x.masked_fill(L([0, 1, 0, 1]), 1.0)
x.masked_fill(mask, L([1.0]))
x.masked_fill(L([True, False]), 1.0)
x.masked_fill(mask, -inf)
x.masked_select(mask)
x.masked_select(L([[True], [False], [True]]))
v.masked_select(mask)
x.masked_select(L([1, 0, 1, 0]))
x.masked_select(L([True, False]))
x.masked_scatter(mask, 2 * x)
xf.masked_scatter(xf > 9, L([1.0, 2.0, 3.0]))
xf.masked_scatter(xf > 3, L([1.0, 2.0]))
xf.masked_scatter(xf > 9, L([1, 2, 3]))
x.take(i)
x.take(L([[-1, 0], [5, 5]]))
x.take(L([12]))
x.take(L([0.0]))
x.take_along_dim(L([[0]]), 1)
x.take_along_dim(L([[0, 1, 2, 0]]), 0)
x.take_along_dim(i)
x.take_along_dim(i[None], 0)
x.take_along_dim(L([[0.0]]), 1)
x.put(i, v[:3])
x.put(i, v[:3], accumulate=True)
x.put(L([[0, -1]]), v[:2])
xf.put(L([0, 1]), L([9.0]))
x.index_put((L([0]), L([1])), v[0])
x.index_put((i,), v, accumulate=True)
x.index_put((mask,), v[0], accumulate=True)
x.index_put((mask,), v[0])
xf.index_put((L([0]),), xi[0])
x.nonzero()
xi.nonzero()
xi.nonzero(as_tuple=True)
m.nonzero(xi > 5)
s.nonzero()
L(0.0).nonzero()
s.nonzero(as_tuple=True)
m.zeros(0, 2).nonzero()
m.argwhere(xi > 9)
m.argwhere(s)
""".strip().splitlines()
