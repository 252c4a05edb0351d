# expect: Multiply number by number

import autodiff as ad


def conv2d(picture, pattern):
    rows, columns = picture.shape
    high, wide = pattern.shape
    down, across = rows - high + 1, columns - wide + 1
    answers = [
        (picture[row : row + high, column : column + wide] @ pattern).sum()
        for row in range(down)
        for column in range(across)
    ]
    return ad.stack(answers).view(down, across)
