"""Sound, from a file to a batch: SciPy's reader, then arrays, then tensors."""

import io

import numpy as np
from scipy.io import wavfile

import autodiff as torch
from autodiff.utils.data import DataLoader, Dataset

RATE = 8000


def tone(pitch):
    """A second of a tone, as the bytes of a WAV file of 16-bit numbers."""
    seconds = np.arange(RATE) / RATE
    file = io.BytesIO()
    wavfile.write(file, RATE, (np.sin(2 * np.pi * pitch * seconds) * 20000).astype(np.int16))
    return file.getvalue()


class Tones(Dataset):
    def __init__(self, files, pitches):
        self.files = files
        self.pitches = pitches

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        _, samples = wavfile.read(io.BytesIO(self.files[i]))
        wave = torch.tensor(samples).float() / 32768  # 16-bit numbers become -1 ... 1
        return wave, self.pitches[i]


pitches = [220, 330, 440, 660]
files = [tone(pitch) for pitch in pitches]
rate, samples = wavfile.read(io.BytesIO(files[0]))
print("SciPy:", rate, "samples per second,", samples.shape, samples.dtype)

dataset = Tones(files, pitches)
wave, pitch = dataset[0]
print("tensor:", tuple(wave.shape), wave.dtype, f"greatest {wave.max().item():.3f}")

for waves, labels in DataLoader(dataset, batch_size=2):
    print("batch:", tuple(waves.shape), "pitches:", labels.tolist())
    # A tone of pitch p goes through zero 2 p times in a second.
    changes = (waves[:, 1:] > 0) != (waves[:, :-1] > 0)
    print("pitches counted from the waves:", (changes.sum(dim=1) / 2).round().int().tolist())
