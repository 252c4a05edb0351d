# expect: no gradient gets through

import autodiff as ad


def conv2d(picture, pattern):
    rows, columns = picture.shape
    high, wide = pattern.shape
    down, across = rows - high + 1, columns - wide + 1
    answers = [
        (picture[row : row + high, column : column + wide] * pattern)
        .sum()
        .item()
        for row in range(down)
        for column in range(across)
    ]
    return ad.tensor(answers, dtype=picture.dtype).view(down, across)
