"""Several devices and machines: a script, or play it with `autodiff learn distributed`."""

from lessons import predict

# %% [markdown]
# When one machine is too slow, share the work. The simplest way by far is **data parallelism**: everybody has
# the same model, everybody gets a part of the batch, and the gradients are put together. It works because
# of one line of mathematics: the gradient of a mean is the mean of the gradients.
#
# A model with one weight, w = 1, learns y = 2 * x. Two workers take two of the four samples each.
#
# **Before you go on:** the gradient of the first half is -5, that of the second half -25. What is the gradient
# of the whole batch?

# %%
import autodiff as ad
import viz
from autodiff import nn

x = ad.tensor([1.0, 2.0, 3.0, 4.0])
y = 2 * x
w = ad.tensor(1.0, requires_grad=True)


def gradient(part):
    w.grad = None
    loss = ((w * x[part] - y[part]) ** 2).mean()
    loss.backward()
    return w.grad.item()


whole = gradient(slice(0, 4))
print("worker 0:", gradient(slice(0, 2)))
print("worker 1:", gradient(slice(2, 4)))
print("together:", whole)

# %% [predict]
predict.number(
    whole,
    wrong={
        -30.0: "That is the sum. The loss is a mean over four samples, and each"
        " half has divided by two only.",
        -25.0: "That is the larger of the two.",
    },
    because="(-5 + -25) / 2: the mean of the two halves.",
)

# %% [markdown]
# That needs parts of equal size. If one worker has three samples and the other one, each gradient has to
# count by its number of samples.
#
# **Before you go on:** is the plain mean of the two right here?

# %%
first, second = gradient(slice(0, 3)), gradient(slice(3, 4))
print("three samples:", round(first, 3), "  one sample:", round(second, 3))
print("plain mean:   ", round((first + second) / 2, 3))
print("weighted mean:", round((3 * first + 1 * second) / 4, 3))
print("whole batch:  ", whole)

# %% [predict]
predict.choice(
    "yes" if abs((first + second) / 2 - whole) < 1e-3 else "no",
    options=("yes", "no"),
    wrong={
        "yes": "Then the one sample would count as much as the other three."
    },
    because="Each sample counts the same, so a part counts by its size. This is"
    " why loaders drop a last batch that is too short.",
)

# %% [markdown]
# Several devices in one program: `nn.DataParallel` cuts the batch, runs a replica of the model on each part,
# and joins the results. Here both parts run on the CPU, as two logical devices; with two GPUs you would
# name those. The replicas share their parameters, so in the graph each one is used twice.
#
# **Before you go on:** the weight is used by both replicas. What happens to its two gradients?

# %%
ad.manual_seed(0)
model = nn.Linear(1, 1)
parallel = nn.DataParallel(model, device_ids=["cpu:0", "cpu:1"])
batch, target = x.reshape(4, 1), y.reshape(4, 1)
loss = nn.functional.mse_loss(parallel(batch), target)
print(viz.grad_fn(loss, params=dict(model.named_parameters())))
loss.backward()
both = model.weight.grad.clone()
model.zero_grad()
nn.functional.mse_loss(model(batch), target).backward()
at_once = model.weight.grad
print(f"in two parts: {both.item():.4f}   at once: {at_once.item():.4f}")

# %% [predict]
predict.choice(
    "they add up",
    options=("they add up", "they are averaged", "one replaces the other"),
    wrong={
        "they are averaged": "The results are joined *before* the loss takes its"
        " mean, so the mean is already in it.",
        "one replaces the other": "A value that is used twice gets both"
        " contributions, as ever.",
    },
    because="One graph, one loss, one parameter that is used twice: nothing new.",
)

# %% [markdown]
# Several *programs*, on several machines, share no memory: each has its own copy of the model, its own loss
# and its own graph. Between `backward()` and `step()` they exchange gradients, so that all have the
# mean. That is an **all-reduce**. Here two copies in one program, and the exchange by hand.
#
# **Before you go on:** both start with the same weights and see different halves. Are the weights still equal
# after ten steps?

# %%
halves = [(batch[:2], target[:2]), (batch[2:], target[2:])]


def all_reduce(copies):
    for together in zip(*[c.parameters() for c in copies], strict=True):
        mean = sum(p.grad for p in together) / len(together)
        for p in together:
            p.grad = mean.clone()


def train(seeds, exchange, steps=10):
    copies = []
    for seed in seeds:
        ad.manual_seed(seed)
        copies.append(nn.Linear(1, 1))
    for _ in range(steps):
        for one, (inputs, wanted) in zip(copies, halves, strict=True):
            one.zero_grad()
            nn.functional.mse_loss(one(inputs), wanted).backward()
        if exchange:
            all_reduce(copies)
        with ad.no_grad():
            for p in [p for one in copies for p in one.parameters()]:
                p -= 0.02 * p.grad
    return [round(one.weight.item(), 5) for one in copies]


print("with all-reduce:   ", train(seeds=(0, 0), exchange=True))
print("without:           ", train(seeds=(0, 0), exchange=False))
together = train(seeds=(0, 0), exchange=True)

# %% [predict]
predict.choice(
    "yes" if together[0] == together[1] else "no",
    options=("yes", "no"),
    wrong={
        "no": "Their own gradients differ. What the optimizer sees is the mean,"
        " and that is the same for both."
    },
    because="The same start and the same gradients in every step. Without the"
    " exchange each would fit its own half.",
)

# %% [markdown]
# "The same start" is half of it. If each program makes its own random weights, equal gradients do not make
# them equal.
#
# **Before you go on:** with two different starts and an all-reduce in each step, what happens to the difference
# of the two weights?

# %%
for steps in (0, 1, 10, 100):
    one, other = train(seeds=(0, 1), exchange=True, steps=steps)
    apart = one - other
    print(f"{steps:3} steps: {one:.4f} {other:.4f}  difference {apart:.4f}")

# %% [predict]
predict.choice(
    "it stays",
    options=("it stays", "it shrinks to 0", "it grows"),
    wrong={
        "it shrinks to 0": "Both take exactly the same step each time: nothing"
        " brings them closer.",
        "it grows": "Both take exactly the same step each time.",
    },
    because="Two walkers who always take the same step keep their distance. So"
    " at the beginning process 0 *broadcasts* its weights to all.",
)

# %% [markdown]
# How do gradients travel? If everybody sent everything to one machine, that one would drown. In a **ring** each
# worker talks to its neighbour only. The vector is cut into as many pieces as there are workers; in the first
# round of passes a piece collects the sum, in a second one the finished pieces go round.
#
# **Before you go on:** four workers, a vector of 8 numbers, so pieces of 2. Each round has three passes, and
# in a pass everybody sends one piece. How many numbers does a worker send in all?


# %%
def ring(vectors):
    """All-reduce by sums; returns how many numbers each worker sent."""
    n, sent = len(vectors), 0
    size = len(vectors[0]) // n
    for collecting in (True, False):
        for turn in range(n - 1):
            parcels = []
            for worker in range(n):
                piece = (worker - turn + (0 if collecting else 1)) % n
                place = slice(piece * size, (piece + 1) * size)
                parcels.append((place, vectors[worker][place].clone()))
            for worker, (place, parcel) in enumerate(parcels):
                neighbour = vectors[(worker + 1) % n]
                if collecting:
                    parcel = neighbour[place] + parcel
                neighbour[place] = parcel
            sent += size
    return sent


ad.manual_seed(0)
vectors = [ad.randint(0, 10, (8,)) for _ in range(4)]
for vector in vectors:
    print("before", vector.tolist())
wanted = sum(vectors)
sent = ring(vectors)
for vector in vectors:
    print("after ", vector.tolist())
print("each sent", sent, "numbers;", "right:", ad.equal(vectors[2], wanted))

# %% [predict]
predict.number(
    sent,
    wrong={
        24: "That would be three whole vectors. It sends one piece of 2 at a time.",
        6: "Those are the passes of the first round. The finished sums go round too.",
        8: "Nearly: a whole vector's worth would be 4 pieces; it is 6.",
    },
    because="2 rounds * 3 passes * 2 numbers. In general 2 * (n - 1) / n of the"
    " vector: hardly twice its length, for however many workers.",
)

# %% [markdown]
# Now with two real processes, if your machine has an MPI. Each joins a group, wraps its model in
# `DistributedDataParallel`, and trains as usual: the wrapper broadcasts at the start, and averages in every
# `backward()`, while the pass goes on with the layers before.

# %%
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import autodiff as ad
from autodiff import distributed as dist, nn

dist.init_process_group()
rank = dist.get_rank()
ad.manual_seed(rank)  # different starts: the wrapper makes them equal
model = nn.parallel.DistributedDataParallel(nn.Linear(1, 1))
x = ad.tensor([[1.0], [2.0]]) + 2 * rank  # each has its own half
nn.functional.mse_loss(model(x), 2 * x).backward()
found = [ad.zeros(1) for _ in range(dist.get_world_size())]
dist.all_gather(found, model.module.weight.grad.reshape(1))
if rank == 0:
    print("gradient in each process:", [g.item() for g in found])
dist.destroy_process_group()
"""
beside = Path(sys.executable).with_name("mpiexec")
mpiexec = beside if beside.exists() else shutil.which("mpiexec")
command = [
    mpiexec,
    "-n",
    "2",
    "--oversubscribe",
    sys.executable,
    "-c",
    PROGRAM,
]
settings = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
for allowed in ("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"):
    settings[allowed] = "1"
settings["PYTHONPATH"] = str(Path(ad.__file__).parents[1])
if ad.distributed.is_available() and mpiexec:
    done = subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True
    )
    print(done.stdout.strip() or done.stderr[:800])
else:
    print("no MPI: pip install 'autodiff-tutorial[distributed]' has one")

# %% [markdown]
# Both processes hold the same gradient, and it is that of the whole batch, the one of step 3. Finally, write
# the exchange yourself, for parts of any size.

# %% [exercise] average

# %% [markdown]
# **What you take along**
#
# - The gradient of a mean is the mean of the gradients, counted by samples.
# - All copies start alike (broadcast) and get the same gradients (all-reduce), so
#   they stay alike.
# - In a ring each worker sends hardly twice the length of the vector.
#
# One lesson is left, and in it nothing is given. You write the engine.
