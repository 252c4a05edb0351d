"""What transforms do to a small image, printed as characters."""

import autodiff as torch
from autodiff.vision import transforms

torch.manual_seed(2)
SHADES = " .:-=+*#%@"


def show(title, image):
    print(f"{title}: {tuple(image.shape)}")
    for row in (image[0] * 9.99).clamp(0, 9.99).int().tolist():
        print("    " + "".join(SHADES[shade] * 2 for shade in row))


image = torch.zeros(1, 6, 6)
image[0, 1:5, 1] = 1.0  # the letter L, with a ramp beside it
image[0, 4, 1:5] = 1.0
image[0, :, 5] = torch.linspace(0, 1, 6)
show("an image", image)
show("RandomHorizontalFlip", transforms.RandomHorizontalFlip(p=1)(image))
show("Pad", transforms.Pad(1, padding_mode="reflect")(image))
show("Resize", transforms.Resize((4, 9))(image))
show("CenterCrop", transforms.CenterCrop(4)(image))
show("RandomRotation", transforms.RandomRotation((90, 90))(image))
show("RandomCrop", transforms.RandomCrop(5)(image))
show("RandomErasing", transforms.RandomErasing(p=1, value=0.5)(image))

normalize = transforms.Normalize(mean=image.mean(), std=image.std())
changed = normalize(image)
print(f"Normalize: mean {changed.mean().item():.4f}, spread {changed.std().item():.4f}")
label = transforms.Lambda(lambda y: torch.zeros(10).scatter_(0, torch.tensor(y), value=1))
print("Lambda:", label(3))
