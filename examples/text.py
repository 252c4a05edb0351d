"""Text, from strings to batches, in plain Python: words get numbers, numbers get vectors."""

import autodiff as torch
from autodiff import nn
from autodiff.utils.data import DataLoader

reviews = [
    ("a warm and funny film", 1),
    ("dull, and far too long", 0),
    ("funny from start to end", 1),
    ("a film too dull to end", 0),
]


def words(text):
    return text.replace(",", "").split()


vocabulary = ["<pad>", *sorted({word for text, _ in reviews for word in words(text)})]
number = {word: i for i, word in enumerate(vocabulary)}
print(len(vocabulary), "words:", *vocabulary[:6], "...")


def encode(text):
    return torch.tensor([number[word] for word in words(text)])


print("numbers:", encode("a funny film"))


def collate(samples):
    """Texts of several lengths as one tensor, the short ones filled up with <pad>."""
    texts = [encode(text) for text, _ in samples]
    batch = torch.zeros(len(texts), max(len(t) for t in texts), dtype=torch.int64)
    for row, numbers in zip(batch, texts):
        row[: len(numbers)] = numbers
    return batch, torch.tensor([label for _, label in samples])


loader = DataLoader(reviews, batch_size=4, collate_fn=collate)
for batch, labels in loader:
    print("batch:", batch)
    print("labels:", labels)

# A text as how often each word is in it, and a weight for each word that says what it speaks for.
counts = nn.functional.one_hot(batch, len(vocabulary)).sum(dim=1).float()
counts[:, 0] = 0
weights = torch.zeros(len(vocabulary), requires_grad=True)
optimizer = torch.optim.SGD([weights], lr=0.5)
for _ in range(50):
    optimizer.zero_grad()
    score = counts @ weights
    loss = nn.functional.binary_cross_entropy_with_logits(score, labels.float())
    loss.backward()
    optimizer.step()
print(f"loss: {loss.item():.4f}")
best, worst = weights.argmax().item(), weights.argmin().item()
print("speaks for a film:", vocabulary[best], "- and against it:", vocabulary[worst])
