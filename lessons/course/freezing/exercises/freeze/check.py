"""Checks `freeze` on a model with batch norms in both parts and old gradients everywhere."""

import autodiff as ad
from autodiff import nn
from lessons.checking import require


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5)
        )
        self.head = nn.Sequential(nn.Linear(8, 3), nn.BatchNorm1d(3))

    def forward(self, x):
        return self.head(self.body(x))


def check(work):
    ad.manual_seed(0)
    net = Net().eval()
    x, y = ad.randn(16, 4), ad.randint(0, 3, (16,))
    nn.functional.cross_entropy(net(x), y).backward()

    learned = work.freeze(net, ("head",))
    require(
        not any(p.requires_grad for p in net.body.parameters()),
        "the parameters of the body still ask for gradients",
        hint="Freezing is requires_grad_(False). eval() changes what layers do, not what is learned.",
    )
    require(
        all(p.requires_grad for p in net.head.parameters()),
        "the parameters of the head do not ask for gradients",
        hint="A name such as head.0.weight begins with head.",
    )
    require(
        isinstance(learned, list) and len(learned) == 4,
        "freeze should give back the list of the four parameters of the head",
        hint="[p for p in model.parameters() if p.requires_grad]",
    )
    left = [
        name
        for name, p in net.body.named_parameters()
        if p.grad is not None
    ]
    require(
        not left,
        f"there are old gradients left in the body: {', '.join(left)}",
        hint="An optimizer that knows these parameters would still move them."
        " Set .grad to None.",
    )
    require(
        net.body[2].training and net.head[1].training,
        "dropout, or the head's batch norm, is in eval mode",
        hint="Only the batch norms of frozen parts go into eval mode.",
    )
    before = net.body[1].running_mean.clone()
    net(x)
    require(
        ad.equal(before, net.body[1].running_mean),
        "the body's running mean moved, although the body is frozen",
        hint="Buffers are moved by the forward pass: put frozen batch norms into eval mode.",
    )
    work.freeze(net, ("body", "head"))
    require(
        all(p.requires_grad for p in net.parameters())
        and net.body[1].training,
        'freeze(net, ("body", "head")) did not thaw the body',
        hint="What is to be learned must ask again, and its batch norms must train.",
    )
