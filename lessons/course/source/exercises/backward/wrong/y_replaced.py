# expect: they add up
from lessons.course.source.exercises.backward.solution import forward


def backward(saved, g_loss):
    x, w, z = saved
    g_y = g_loss
    g_y = 2 * g_loss * z * (1 - z * z)
    return g_y * w, g_y * x, g_y
