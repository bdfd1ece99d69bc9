"""Small models from statistics and learning, written as loops."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


@program(lambda r: (vec(r, 4, 2), vec(r, 3), vec(r, 3, 2), 0.3 * vec(r, 3, 2)))
def gmm(x, alphas, means, log_widths):
    """A Gaussian mixture: a buffer reused by every point, log-sum-exp over components, stable against overflow."""
    n, d = x.shape
    k = len(alphas)
    term = np.empty(k)
    total = 0.0
    for i in range(n):
        top = -1e300
        for j in range(k):
            q = 0.0
            for l in range(d):
                q += ((x[i, l] - means[j, l]) * math.exp(log_widths[j, l])) ** 2 - 2.0 * log_widths[j, l]
            term[j] = alphas[j] - 0.5 * q
            if term[j] > top:
                top = term[j]
        s = 0.0
        for j in range(k):
            s += math.exp(term[j] - top)
        total += top + math.log(s)
    return total


@program(lambda r: (vec(r, 6, 2), vec(r, 3, 2)))
def kmeans(x, centers):
    """The cost of k-means: a minimum over centers, then its square root."""
    cost = 0.0
    for i in range(x.shape[0]):
        best = 1e300
        for j in range(centers.shape[0]):
            d = 0.0
            for l in range(x.shape[1]):
                t = x[i, l] - centers[j, l]
                d += t * t
            if d < best:
                best = d
        cost += math.sqrt(best)
    return cost


@program(lambda r: (vec(r, 7, 2), vec(r, 2, 2)))
def kmeans_step(x, centers):
    """One Lloyd step: assignments are ints, the new centers means of their points, in place."""
    n = x.shape[0]
    k = centers.shape[0]
    counts = np.zeros(k)
    sums = np.zeros((k, 2))
    for i in range(n):
        best = 1e300
        c = 0
        for j in range(k):
            d = (x[i, 0] - centers[j, 0]) ** 2 + (x[i, 1] - centers[j, 1]) ** 2
            if d < best:
                best = d
                c = j
        counts[c] += 1.0
        for l in range(2):
            sums[c, l] += x[i, l]
    for j in range(k):
        if counts[j] > 0.0:
            for l in range(2):
                centers[j, l] = 0.5 * centers[j, l] + 0.5 * sums[j, l] / counts[j]
    return centers[0, 0] * centers[1, 1] + centers[0, 1] * centers[1, 0]


@program(lambda r: (vec(r, 6),))
def logsumexp(x):
    """The exponentials serve the value and the gradient."""
    top = x[0]
    for i in range(1, len(x)):
        top = max(top, x[i])
    s = 0.0
    for i in range(len(x)):
        s += math.exp(x[i] - top)
    return top + math.log(s)


@program(lambda r: (vec(r, 5, 3), ints(r, 3, 5)))
def softmax_cross_entropy(logits, labels):
    """Softmax in place, row by row, and the loss at the labels."""
    n, k = logits.shape
    loss = 0.0
    for i in range(n):
        row = logits[i]
        top = row[0]
        for j in range(1, k):
            if row[j] > top:
                top = row[j]
        s = 0.0
        for j in range(k):
            row[j] = math.exp(row[j] - top)
            s += row[j]
        for j in range(k):
            row[j] /= s
        loss -= math.log(row[labels[i]])
    return loss / n


@program(lambda r: (vec(r, 4, 2), vec(r, 3, 2), vec(r, 3, 3), vec(r, 3)))
def rnn(x, w, u, b):
    """A recurrent network: the hidden state is overwritten through a second buffer."""
    h = np.zeros(3)
    g = np.zeros(3)
    for t in range(x.shape[0]):
        for i in range(3):
            a = b[i]
            for j in range(2):
                a += w[i, j] * x[t, j]
            for j in range(3):
                a += u[i, j] * h[j]
            g[i] = math.tanh(a)
        for i in range(3):
            h[i] = g[i]
    return h[0] * h[1] + h[2]


@program(lambda r: (vec(r, 3, 2), 0.5 * vec(r, 4, 2), 0.5 * vec(r, 4, 2), vec(r, 4, 2)))
def lstm(x, w, u, b):
    """A cell with four gates, diagonal weights, state and output overwritten in place."""
    n = x.shape[1]
    h = np.zeros(n)
    c = np.zeros(n)
    loss = 0.0
    for t in range(x.shape[0]):
        for j in range(n):
            f = sigmoid(w[0, j] * x[t, j] + u[0, j] * h[j] + b[0, j])
            i = sigmoid(w[1, j] * x[t, j] + u[1, j] * h[j] + b[1, j])
            o = sigmoid(w[2, j] * x[t, j] + u[2, j] * h[j] + b[2, j])
            g = math.tanh(w[3, j] * x[t, j] + u[3, j] * h[j] + b[3, j])
            c[j] = f * c[j] + i * g
            h[j] = o * math.tanh(c[j])
            loss += (h[j] - x[t, j]) ** 2
    return loss


@program(lambda r: (vec(r, 4, 3), vec(r, 5, 3), vec(r, 5), vec(r, 5), pos(r, 4)))
def two_layer_perceptron(x, w1, b1, w2, y):
    """Dense layers with ReLU, the hidden buffer allocated once, a squared loss."""
    hidden = np.zeros(5)
    loss = 0.0
    for n in range(x.shape[0]):
        for i in range(5):
            a = b1[i]
            for j in range(3):
                a += w1[i, j] * x[n, j]
            hidden[i] = a if a > 0.0 else 0.0
        out = 0.0
        for i in range(5):
            out += w2[i] * hidden[i]
        loss += (out - y[n]) ** 2
    return loss / x.shape[0]


@program(lambda r: (vec(r, 6, 6), vec(r, 3, 3), num(r)))
def convolution_and_pooling(image, kernel, bias):
    """Convolution, ReLU and 2 x 2 max pooling with the winner's position kept in ints."""
    feature = np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            a = bias
            for p in range(3):
                for q in range(3):
                    a += kernel[p, q] * image[i + p, j + q]
            feature[i, j] = max(a, 0.0)
    s = 0.0
    for i in range(0, 4, 2):
        for j in range(0, 4, 2):
            bi, bj = i, j
            for p in range(2):
                for q in range(2):
                    if feature[i + p, j + q] > feature[bi, bj]:
                        bi, bj = i + p, j + q
            s += feature[bi, bj] ** 2 * (i + j + 1)
    return s


@program(lambda r: (vec(r, 6, 3), vec(r, 3), ints(r, 2, 6)))
def logistic_regression(x, w, y):
    """A Bernoulli likelihood with a numerically careful branch and a ridge."""
    loss = 0.0
    for i in range(x.shape[0]):
        z = 0.0
        for j in range(x.shape[1]):
            z += x[i, j] * w[j]
        if y[i] == 0:
            z = -z
        if z > 0.0:
            loss += math.log1p(math.exp(-z))
        else:
            loss += math.log1p(math.exp(z)) - z
    for j in range(len(w)):
        loss += 0.1 * w[j] * w[j]
    return loss


@program(lambda r: (vec(r, 6, 2), vec(r, 2), vec(r, 6), 0.05))
def sgd_unrolled(x, w, y, rate):
    """Training steps inside the primal: the weights are updated in place, then tested."""
    for i in range(x.shape[0] - 1):
        e = w[0] * x[i, 0] + w[1] * x[i, 1] - y[i]
        w[0] -= rate * e * x[i, 0]
        w[1] -= rate * e * x[i, 1]
    e = w[0] * x[5, 0] + w[1] * x[5, 1] - y[5]
    return e * e


@program(lambda r: (vec(r, 5), 0.3 * num(r), 0.2 * num(r), num(r)))
def garch(x, alpha, beta, omega):
    """The likelihood of a GARCH(1, 1) process: one carried variance."""
    v = omega / (1.0 - alpha * 0.5)
    s = 0.0
    for i in range(1, len(x)):
        v = omega + alpha * x[i - 1] ** 2 + beta * v
        s += math.log(v) + x[i] ** 2 / v
    return 0.5 * s


@program(lambda r: (pos(r, 3, 3), pos(r, 3, 4), pos(r, 3), ints(r, 4, 6)))
def hidden_markov(a, b, start, observed):
    """The scaled forward algorithm with two buffers and a log-likelihood."""
    f = start.copy()
    g = np.zeros(3)
    loglik = 0.0
    for t in range(len(observed)):
        s = 0.0
        for j in range(3):
            p = 0.0
            for i in range(3):
                p += f[i] * a[i, j]
            g[j] = p * b[j, observed[t]]
            s += g[j]
        for j in range(3):
            f[j] = g[j] / s
        loglik += math.log(s)
    return loglik
