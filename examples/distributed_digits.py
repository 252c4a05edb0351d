"""Handwritten digits, learned by several processes that share each batch.

    mpiexec -n 4 python examples/distributed_digits.py

Any number of processes trains the same weights as one, up to rounding: the batch of a step is the
same 64 images, each process computes with its part of them, and the gradients are averaged. With
`--checkpoint PATH` process 0 saves after each epoch, and a run that finds the file goes on from it.
"""

import argparse
import os

import autodiff as torch
from autodiff import distributed as dist
from autodiff import nn, optim
from autodiff.nn.parallel import DistributedDataParallel
from autodiff.utils.data import DataLoader, DistributedSampler
from autodiff.vision.datasets import Digits

BATCH = 64


def build():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).double()


def train(model, optimizer, epochs, first, save):
    data = Digits(train=True)
    sampler = DistributedSampler(data)
    share = BATCH // dist.get_world_size()
    loader = DataLoader(data, batch_size=share, sampler=sampler, drop_last=True)
    for epoch in range(first, epochs):
        sampler.set_epoch(epoch)
        total = torch.zeros(1)
        for images, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images.double()), labels)
            loss.backward()
            optimizer.step()
            total += loss.detach()
        dist.all_reduce(total, dist.ReduceOp.AVG)
        if dist.get_rank() == 0:
            print(f"epoch {epoch + 1}: loss {total.item() / len(loader):.4f}")
            save(epoch + 1)


def accuracy(model):
    digits = Digits(train=False)
    with torch.no_grad():
        right = model(digits.data.double()).argmax(1) == digits.targets
    return right.float().mean().item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--checkpoint", help="where to save, and to go on from")
    parser.add_argument("--weights", help="where to save the trained weights")
    options = parser.parse_args()

    dist.init_process_group()
    torch.manual_seed(0)
    model = DistributedDataParallel(build())
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    first = 0
    if options.checkpoint and os.path.exists(options.checkpoint):
        state = torch.load(options.checkpoint)  # each process reads it: all must go on the same
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["epoch"]

    def save(epoch):  # the file appears when it is complete, or not at all
        if options.checkpoint:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save(state | {"epoch": epoch}, options.checkpoint)

    train(model, optimizer, options.epochs, first, save)
    if dist.get_rank() == 0:
        print(f"{dist.get_world_size()} processes, test accuracy {accuracy(model.module):.1%}")
        if options.weights:
            torch.save(model.module.state_dict(), options.weights)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
