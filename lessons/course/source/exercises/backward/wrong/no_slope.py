# expect: slope of the tanh is missing
from lessons.course.source.exercises.backward.solution import forward


def backward(saved, g_loss):
    x, w, z = saved
    g_z = 2 * g_loss * z
    g_y = g_loss + g_z
    return g_y * w, g_y * x, g_z
