"""NPBench's applications: statistics, networks, particles, transforms and dynamic programming."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 3), vec(r, 3), vec(r, 3), vec(r, 3)))
def npbench_arc_distance(theta, phi, theta2, phi2):
    """Distances on a sphere, elementwise."""
    t = np.sin((theta2 - theta) / 2.0) ** 2 + np.cos(theta) * np.cos(theta2) * np.sin((phi2 - phi) / 2.0) ** 2
    return np.sum(2.0 * np.arctan2(np.sqrt(t), np.sqrt(1.0 - t)))


@program(lambda r: (vec(r, 7), pos(r, 7), 3))
def npbench_azimint_naive(data, radius, bins):
    """Means over rings: each ring looks at all samples, and the outermost radius comes from the largest of the data."""
    rim = radius[0]
    for v in radius:
        rim = max(rim, v)
    rim *= 1.01
    res = np.zeros(bins)
    for i in range(bins):
        total = 0.0
        count = 0
        for k in range(len(data)):
            if rim * i / bins <= radius[k] < rim * (i + 1) / bins:
                total += data[k] * radius[k]
                count += 1
        if count > 0:
            res[i] = total / count / rim
    return np.dot(res, res)


@program(lambda r: (vec(r, 8), pos(r, 8), 3))
def npbench_azimint_hist(data, radius, bins):
    """The same in one pass: the ring is an int computed from the radius, both histograms are scattered to."""
    low = high = radius[0]
    for v in radius:
        low = min(low, v)
        high = max(high, v)
    high += 0.01
    sums = np.zeros(bins)
    counts = np.zeros(bins)
    for k in range(len(data)):
        ring = int((radius[k] - low) / (high - low) * bins)
        sums[ring] += data[k]
        counts[ring] += 1.0
    s = high
    for i in range(bins):
        if counts[i] == 0.0:
            continue
        s += (sums[i] / counts[i]) ** 2
    return s


@program(lambda r: (2.0 * vec(r, 3, 3), vec(r, 3, 3), num(r), num(r)))
def npbench_clipping(x, y, a, b):
    """Values clipped to limits, scaled, added to another array."""
    out = np.minimum(np.maximum(x, -1.0), 0.8 * b) * a + y * b
    return np.sum(out * out)


@program(lambda r: (vec(r, 4, 4),))
def npbench_go_fast(a):
    """A trace of tanh in a loop, added to every element."""
    trace = 0.0
    for i in range(a.shape[0]):
        trace += np.tanh(a[i, i])
    return np.sum((a + trace) ** 2)


@program(lambda r: (0.3 * vec(r, 3), vec(r, 2), 4))
def npbench_mandelbrot(xs, ys, limit):
    """Escape times weigh the last values: the counts are ints, the orbits carry the derivative."""
    total = 0.0
    for cx in xs:
        for cy in ys:
            x = y = 0.0
            n = 0
            while x * x + y * y <= 4.0 and n < limit:
                x, y = x * x - y * y + cx, 2.0 * x * y + cy
                n += 1
            total += n * math.log(1.0 + x * x + y * y)
    return total


def _relu(x):
    return np.maximum(x, 0.0)


def _softmax_rows(x):
    for i in range(x.shape[0]):
        row = x[i]
        top = row[0]
        for v in row:
            top = max(top, v)
        row[:] = np.exp(row - top)
        row /= np.sum(row)


@program(lambda r: (vec(r, 2, 3), vec(r, 3, 3), vec(r, 3), vec(r, 3, 2), vec(r, 2)))
def npbench_mlp(x, w1, b1, w2, b2):
    """A small network by products and helpers: rectified layers, softmax in place."""
    h = _relu(x @ w1 + b1)
    out = h @ w2 + b2
    _softmax_rows(out)
    return math.log(out[0, 0]) + math.log(out[1, 1])


def _pooled(x):
    n = x.shape[0] // 2
    out = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            out[i, j] = max(max(x[2 * i, 2 * j], x[2 * i, 2 * j + 1]), max(x[2 * i + 1, 2 * j], x[2 * i + 1, 2 * j + 1]))
    return out


def _filtered(x, w):
    n = x.shape[0] - w.shape[0] + 1
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            out[i, j] = np.sum(x[i : i + w.shape[0], j : j + w.shape[1]] * w)
    return out


@program(lambda r: (vec(r, 5, 5), vec(r, 2, 2), num(r), vec(r, 2, 2)))
def npbench_lenet_layers(image, kernel, bias, dense):
    """Convolution, bias, rectifier, pooling and a dense layer, each an array made by a helper."""
    x = _pooled(_relu(_filtered(image, kernel) + bias))
    return np.sum(x * dense) ** 2 + x[0, 0]


@program(lambda r: (vec(r, 4, 4), vec(r, 3, 3)))
def npbench_resnet_block(x, w):
    """A padded convolution, normalised by its own mean and deviation, added to what came in."""
    padded = np.zeros((6, 6))
    padded[1:-1, 1:-1] = x
    y = _filtered(padded, w)
    mean = np.sum(y) / y.size
    dev = math.sqrt(np.sum((y - mean) ** 2) / y.size + 1e-5)
    y = (y - mean) / dev
    return np.sum(_relu(y + x) * x)


@program(lambda r: (2.0 * vec(r, 2, 2, 3), vec(r, 3)))
def npbench_softmax(x, w):
    """Softmax over the last of three axes, a maximum subtracted first."""
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            top = x[i, j, 0]
            for v in x[i, j]:
                if v > top:
                    top = v
            out[i, j, :] = np.exp(x[i, j, :] - top)
            out[i, j, :] /= np.sum(out[i, j, :])
    return np.dot(out[0, 1] * out[1, 0], w)


def _accelerations(pos, mass, soft, acc):
    acc[:] = 0.0
    for i in range(len(mass)):
        for j in range(len(mass)):
            d = pos[j] - pos[i]
            acc[i] += mass[j] * d / (np.dot(d, d) + soft * soft) ** 1.5


@program(lambda r: (pos(r, 3), vec(r, 3, 2), vec(r, 3, 2), 0.3, 2))
def npbench_nbody(mass, x, v, soft, steps):
    """Kick, drift, kick in the frame of the centre of mass; a helper fills the accelerations; energies kept per step."""
    centre = np.zeros(2)
    for i in range(len(mass)):
        centre += mass[i] * v[i]
    v -= centre / np.sum(mass)
    acc = np.zeros_like(x)
    energy = np.zeros(steps)
    _accelerations(x, mass, soft, acc)
    for t in range(steps):
        v += 0.05 * acc
        x += 0.1 * v
        _accelerations(x, mass, soft, acc)
        v += 0.05 * acc
        for i in range(len(mass)):
            energy[t] += 0.5 * mass[i] * np.dot(v[i], v[i])
    return np.sum(energy) + x[0, 1] * x[2, 0]


@program(lambda r: (vec(r, 4), vec(r, 4)))
def npbench_stockham(re, im):
    """A self-sorting transform on real and imaginary parts: two pairs of buffers change names after each pass."""
    re2 = np.empty(4)
    im2 = np.empty(4)
    blocks = 2
    width = 1
    while blocks >= 1:
        for j in range(blocks):
            angle = -math.pi * j / blocks
            c = math.cos(angle)
            s = math.sin(angle)
            for k in range(width):
                p = k + width * j
                q = p + width * blocks
                dr = re[p] - re[q]
                di = im[p] - im[q]
                re2[k + 2 * width * j] = re[p] + re[q]
                im2[k + 2 * width * j] = im[p] + im[q]
                re2[k + width * (2 * j + 1)] = dr * c - di * s
                im2[k + width * (2 * j + 1)] = dr * s + di * c
        blocks //= 2
        width *= 2
        re, re2 = re2, re
        im, im2 = im2, im
    return re[0] * im[3] + re[1] ** 2 + im[2] * re[3]


@program(lambda r: (ints(r, 256, 3), num(r)))
def npbench_crc16(message, y):
    """A checksum bit by bit: the ints decide how often the float is scaled, and scale it."""
    crc = 0xFFFF
    for byte in message:
        b = byte
        for _ in range(8):
            if (crc & 1) ^ (b & 1):
                crc = (crc >> 1) ^ 0x8408
                y = y * (1.1 - 0.05 * y)
            else:
                crc >>= 1
            b >>= 1
    return y * (crc & 0xFF) + y


@program(lambda r: (ints(r, 4, 5), pos(r, 5, 5)))
def npbench_nussinov(bases, score):
    """A table of best foldings: maxima over pairings and over all splits, filled from the last row upwards."""
    n = len(bases)
    table = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            best = max(table[i, j - 1], table[i + 1, j] if i + 1 < n else 0.0)
            if i < j - 1 and (bases[i] + bases[j]) % 2 == 1:
                best = max(best, table[i + 1, j - 1] + score[i, j])
            else:
                best = max(best, table[i + 1, j - 1] * 0.5)
            for k in range(i + 1, j):
                best = max(best, table[i, k] + table[k + 1, j] + 0.1 * score[j, i])
            table[i, j] = best
    return table[0, n - 1] * (1.0 + table[1, n - 1])


@program(lambda r: (vec(r, 2, 3, 2, 2), vec(r, 2, 2), vec(r, 2, 2)))
def npbench_self_energy(g, d, h):
    """Sums over momenta and energies with wrapped subscripts and small products, the real form of the scattering kernel."""
    s = np.zeros_like(g)
    for k in range(g.shape[0]):
        for q in range(d.shape[0]):
            for e in range(g.shape[1]):
                for w in range(d.shape[1]):
                    if e - w >= 0:
                        s[k, e] += d[q, w] * (h @ g[k - q, e - w])
    return np.sum(s * s)
