"""Max pooling with windows of 2 x 2: forward, and backward."""

import autodiff as ad


def windows(picture):
    """The windows with the places that they have in the result."""
    rows, columns = picture.shape
    for row in range(rows // 2):
        for column in range(columns // 2):
            top, left = 2 * row, 2 * column
            yield row, column, picture[top : top + 2, left : left + 2]


def pool(picture):
    rows, columns = picture.shape
    result = ad.zeros(rows // 2, columns // 2)
    for row, column, window in windows(picture):
        result[row, column] = window.max()
    return result


def pool_backward(picture, g):
    gradient = ad.zeros(picture.shape)
    for row, column, window in windows(picture):
        down, across = divmod(window.argmax().item(), 2)
        gradient[2 * row + down, 2 * column + across] = g[row, column]
    return gradient
