# expect: what comes through the tanh
from lessons.course.source.exercises.backward.solution import forward


def backward(saved, g_loss):
    x, w, z = saved
    g_sum = 2 * g_loss * z * (1 - z * z)
    g_y = g_loss + g_sum
    return g_y * w, g_y * x, g_y
