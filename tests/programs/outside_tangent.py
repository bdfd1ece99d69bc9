"""The ideas of Tangent's function list: reassigned arguments, serial and nested ifs and loops, rows, small networks."""

import math

import numpy as np

from .registry import num, pos, program, vec


def _product(a, b):
    return a * b


def _total(a, b):
    return a + b


@program(lambda r: (num(r), num(r), num(r)))
def tangent_saxpy_by_calls(a, b, c):
    """A sum of products by helpers that call nothing, once nested and once with names in between."""
    t = _product(a, b)
    t = _total(t, c)
    return _total(_product(t, a), _product(_product(b, c), t))


@program(lambda r: (num(r),))
def tangent_ifs_and_reassignments(a):
    """One name through a row of ifs whose conditions read what the last of them made."""
    if a * a / 3.0 > 0.0:
        b = 3.0
    else:
        b = 4.0
    a = a * b
    if a < b - a * b:
        a = a * a
    elif a > b + 0.1 * a:
        if a / 2.0 < 0.0:
            a = a / b
        else:
            a = a * b
    else:
        a = -a
    a = a + a
    if a < 0.0:
        a = 3.0 * a * a
    return a


@program(lambda r: (num(r), 2))
def tangent_loops_in_a_row(a, n):
    """Loops and ifs one after the other on the same name: the second loop is longer by one."""
    if a > 0.0:
        a = a * a
        if a < 10.0:
            a = a * a
        else:
            a = a * 2.0
    for _ in range(n):
        a = a * a
    a = 2.0 * a
    for _ in range(n + 1):
        a = a * 0.9
    if a > 0.1:
        a = a * a * a
    return a


@program(lambda r: (num(r), 3))
def tangent_powers_by_loops(a, n):
    """Powers by an int that becomes a float, by squaring in nested loops, under a condition that ends."""
    out = 1
    for _ in range(3):
        out = out * a
    for _ in range(2):
        for _ in range(n):
            if out < 2.0:
                out = out * out + 0.3 * a
    b = a**n
    for _ in range(n):
        b = _product(b, b) * 0.7
    return out * b


@program(lambda r: (5.0 * num(r),))
def tangent_while_big(a):
    """Halved while it is big, in its absolute value, with the sign turned each time."""
    while np.abs(a) > 0.1:
        a = -a * 0.5
    return a * a


@program(lambda r: (vec(r, 4),))
def tangent_name_of_an_array_becomes_a_number(x):
    """The name of the array is given to its sum."""
    x = np.sum(x * x)
    x = x * x
    return x


@program(lambda r: (vec(r, 4),))
def tangent_array_overwritten_after_its_square(x):
    """An array made of another one, which an element of the first then overwrites."""
    y = x**2.0
    x[0] = y[1] * y[2]
    a = x[0]
    x[1] = a * x[1]
    return np.sum(x * y) + np.sum(x[::2] * x[1::2])


@program(lambda r: (vec(r, 4),))
def tangent_rows_from_scalars(x):
    """A scalar is stored into each row, a row into its neighbour."""
    h = np.zeros((len(x), 3))
    for t in range(len(h)):
        h[t] = x[t]
        if t > 0:
            h[t, 1:] = h[t - 1, :-1] * x[t]
    return np.sum(h * h)


@program(lambda r: (vec(r, 3, 2), vec(r, 2, 3)))
def tangent_rnn(inputs, w):
    """A recurrence over rows of one array, each written once."""
    h = np.zeros((4, 3))
    for t in range(3):
        h[t + 1] = np.tanh(np.dot(inputs[t], w) + h[t])
    return np.sum(h[1:] * h[:-1])


@program(lambda r: (vec(r, 2, 3), vec(r, 2, 2), vec(r, 2, 3), vec(r, 3, 3), vec(r, 3)))
def tangent_bilinear(x, h, u, w, b):
    """Two products and a bias under a tanh, one name for all of it."""
    y = np.dot(x, w)
    y = y + np.dot(h, u)
    y = y + b
    y = np.tanh(y)
    return np.sum(y * y)


@program(lambda r: (vec(r, 4, 3), np.array([0.0, 1.0, 1.0, 0.0]), 0.5 * vec(r, 3), num(r)), argnums=(0, 2, 3))
def tangent_logistic_regression(inputs, labels, w, b):
    """The loss of a logistic regression for all samples at once."""
    prediction = 0.5 * (np.tanh(np.dot(inputs, w) + b) + 1.0)
    likely = prediction * labels + (1.0 - prediction) * (1.0 - labels)
    return -np.sum(np.log(likely))


@program(lambda r: (num(r), num(r)))
def tangent_polar(a, b):
    """Radius and angle as a pair of a helper, unpacked into a tuple that is indexed."""
    pair = _polar(a, b)
    r, theta = pair
    return r * math.cos(theta) * pair[1] + pair[0]


def _polar(a, b):
    return np.sqrt(a**2.0 + b**2.0), np.arctan2(b, a)


@program(lambda r: (num(r), num(r)))
def tangent_names_like_ours(a, y):
    """The names of a program may be those that a derivative would choose."""
    a_bar = a * a
    a_dot = a_bar * y
    tape = a_dot * a_bar
    y_bar = y
    for i in range(2):
        tape = tape * y_bar + i
        y_bar = y_bar * a_dot
    return tape * y_bar


@program(lambda r: (num(r), num(r)))
def tangent_passed_through_a_tuple(a, b):
    """Packed, chosen from by a constant, packed again and unpacked in another order."""
    packed = a * b, b, a
    first = packed[-1]
    z, (x, y) = packed[1], (packed[0], first)
    x *= y
    return x * z - y


@program(lambda r: (pos(r, 4), 0.5))
def tangent_subscripts_and_a_conditional_call(x, limit):
    """A helper called in either branch with its arguments swapped, for each element."""
    y = np.zeros_like(x)
    for i in range(len(x)):
        if x[i] > 2.0 * limit:
            y[i] = _lean(x[i], limit)
        else:
            y[i] = _lean(limit, x[i])
    return np.sum(y) * y[0]


def _lean(a, b):
    return a * a * b - b
