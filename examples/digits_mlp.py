"""A multi-layer perceptron that reads handwritten digits: trained, tested, and drawn.

Run it with `python examples/digits_mlp.py`. It writes mlp_curves.png and mlp_confusion.png into the
folder it is started in (these need matplotlib: `pip install matplotlib`).
"""

import sys
import time

import autodiff as torch
from autodiff import nn, optim
from autodiff.utils.data import DataLoader
from autodiff.utils.progress import track
from autodiff.vision.datasets import Digits

EPOCHS = 30


def build():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(64, 128),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(128, 10),
    )


def train(model, epochs, lr=5e-3):
    """Train on the 1,437 training images; returns loss and test accuracy of each epoch."""
    loader = DataLoader(Digits(train=True), batch_size=32, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.AdamW(model.parameters(), lr=lr)
    scheduler = optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=lr, epochs=epochs, steps_per_epoch=len(loader)
    )
    history = []
    for _ in track(range(epochs), "training"):
        model.train()
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.item()
        predicted, labels = predict(model)
        history.append((total / len(loader), (predicted == labels).float().mean().item()))
    return history


def predict(model):
    """The predicted and the right digits of the 360 test images."""
    digits = Digits(train=False)
    model.eval()
    with torch.no_grad():
        return model(digits.data).argmax(1), digits.targets


def confusion(predicted, labels):
    """How often each digit (row) was read as each digit (column)."""
    counts = torch.zeros(10, 10, dtype=torch.int64)
    for label, digit in zip(labels.tolist(), predicted.tolist()):
        counts[label, digit] += 1
    return counts


def draw(name, history, counts):
    """Save the curves of the training and the confusion matrix as pictures."""
    try:
        import matplotlib
    except ImportError:
        print("no pictures: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    losses, accuracies = zip(*history)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
    left.plot(range(1, len(losses) + 1), losses)
    left.set(title="training loss", xlabel="epoch", yscale="log")
    right.plot(range(1, len(losses) + 1), [100 * a for a in accuracies], color="tab:green")
    right.set(title="test accuracy in %", xlabel="epoch")
    for axes in (left, right):
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.savefig(f"{name}_curves.png", dpi=120)

    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.imshow(counts.numpy(), cmap="Blues", norm="symlog")
    for row, column in torch.nonzero(counts).tolist():
        count = counts[row, column].item()
        axes.text(column, row, count, ha="center", va="center", color="w" if count > 9 else "k")
    axes.set(
        title="what was read as what", xlabel="read as", ylabel="digit",
        xticks=range(10), yticks=range(10),
    )  # fmt: skip
    figure.savefig(f"{name}_confusion.png", dpi=120)
    print(f"pictures: {name}_curves.png, {name}_confusion.png")


def run(name, model, epochs):
    start = time.perf_counter()
    history = train(model, epochs)
    seconds = time.perf_counter() - start
    predicted, labels = predict(model)
    counts = confusion(predicted, labels)
    accuracy = counts.diagonal().sum().item() / len(labels)
    print(f"test accuracy {accuracy:.1%} after {seconds:.1f} s")
    draw(name, history, counts)


if __name__ == "__main__":
    torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    run("mlp", build(), EPOCHS)
