"""A forward and a backward pass in straight lines."""

import math


def forward(x, w, b):
    y = x * w
    z = math.tanh(y + b)
    loss = z * z + y
    return loss, (x, w, z)


def backward(saved, g_loss):
    x, w, z = saved
    g_z = g_loss * z + g_loss * z
    g_sum = g_z * (1 - z * z)
    g_y = g_loss + g_sum
    return g_y * w, g_y * x, g_sum
