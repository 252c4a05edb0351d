"""A recurrent net that learns to spell: it reads a rhyme letter by letter and guesses the next.

The same program runs with PyTorch when its imports are changed.
"""

import autodiff as torch
from autodiff import nn

TEXT = """
the chain rule goes from end to start and multiplies along the way
each node hands back its own small part until the leaves have had their say
""".strip()

letters = sorted(set(TEXT))
number = {letter: i for i, letter in enumerate(letters)}
data = torch.tensor([number[letter] for letter in TEXT])


class CharacterModel(nn.Module):
    """Letters become vectors, a GRU reads them, a linear layer scores the next letter."""

    def __init__(self, count, size=32):
        super().__init__()
        self.table = nn.Embedding(count, 16)
        self.gru = nn.GRU(16, size, batch_first=True)
        self.scores = nn.Linear(size, count)

    def forward(self, x, state=None):
        out, state = self.gru(self.table(x), state)
        return self.scores(out), state


torch.manual_seed(0)
model = CharacterModel(len(letters))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
x, target = data[:-1].unsqueeze(0), data[1:].unsqueeze(0)

first = None
for _ in range(120):
    optimizer.zero_grad()
    scores, _ = model(x)
    loss = nn.functional.cross_entropy(scores.reshape(-1, len(letters)), target.reshape(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    first = loss.item() if first is None else first

print("learned:", loss.item() < 0.3 * first)

model.eval()
with torch.no_grad():
    state, letter, spelt = None, data[:1], TEXT[0]
    for _ in range(len("the chain rule") - 1):
        scores, state = model(letter.unsqueeze(0), state)
        letter = scores[0, -1].argmax().unsqueeze(0)
        spelt += letters[letter.item()]
print("it writes:", spelt)
