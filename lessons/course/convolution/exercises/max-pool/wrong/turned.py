# expect: have changed places
import autodiff as ad


def pool(picture):
    rows, columns = picture.shape
    tops, lefts = range(0, rows, 2), range(0, columns, 2)
    largest = [
        picture[i : i + 2, j : j + 2].max() for i in tops for j in lefts
    ]
    return ad.stack(largest).view(rows // 2, columns // 2)


def pool_backward(picture, g):
    gradient = ad.zeros(picture.shape)
    for row in range(g.shape[0]):
        for column in range(g.shape[1]):
            top, left = 2 * row, 2 * column
            window = picture[top : top + 2, left : left + 2]
            across, down = divmod(window.argmax().item(), 2)
            gradient[top + down, left + across] = g[row, column]
    return gradient
