# expect: the square is missing
from lessons.course.source.exercises.backward.solution import forward


def backward(saved, g_loss):
    x, w, z = saved
    g_sum = 2 * g_loss * z * (1 - z)
    g_y = g_loss + g_sum
    return g_y * w, g_y * x, g_sum
