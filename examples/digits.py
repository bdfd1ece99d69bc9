"""Train a small LeNet on real handwritten digits, with the gradient that sct derives from plain loops.

The network is written the way one writes Numba code: helpers with loops that fill preallocated arrays in place. Nothing
below knows about derivatives; `sct.value_and_grad(loss)` generates, compiles and runs the adjoint.

    python examples/digits.py            # about a minute, most of it compilation; ends with the test accuracy
    python examples/digits.py --source   # print the generated adjoint and stop
"""

import argparse
import math
import time

import numpy as np
from numba import njit
from sklearn.datasets import load_digits
from tqdm import tqdm

import sct

PARAMETERS = (0, 1, 2, 3)  # kernels, kernel_bias, weights, bias: the arguments of `loss` that are trained


@njit
def convolve(image, kernels, bias, out):
    """Valid cross-correlation of one image with every kernel."""
    size = kernels.shape[1]
    for k in range(out.shape[0]):
        for y in range(out.shape[1]):
            for x in range(out.shape[2]):
                s = bias[k]
                for i in range(size):
                    for j in range(size):
                        s += kernels[k, i, j] * image[y + i, x + j]
                out[k, y, x] = s


@njit
def relu(maps):
    for k in range(maps.shape[0]):
        for y in range(maps.shape[1]):
            for x in range(maps.shape[2]):
                maps[k, y, x] = max(0.0, maps[k, y, x])


@njit
def max_pool(maps, out):
    """The largest of each 2 x 2 block."""
    for k in range(out.shape[0]):
        for y in range(out.shape[1]):
            for x in range(out.shape[2]):
                best = maps[k, 2 * y, 2 * x]
                for i in range(2):
                    for j in range(2):
                        value = maps[k, 2 * y + i, 2 * x + j]
                        if value > best:
                            best = value
                out[k, y, x] = best


@njit
def dense(maps, weights, bias, out):
    for c in range(len(out)):
        s = bias[c]
        for k in range(maps.shape[0]):
            for y in range(maps.shape[1]):
                for x in range(maps.shape[2]):
                    s += weights[c, k, y, x] * maps[k, y, x]
        out[c] = s


@njit
def cross_entropy(scores, label):
    """-log softmax(scores)[label], shifted by the largest score so that no exponential overflows."""
    largest = scores[0]
    for c in range(1, len(scores)):
        largest = max(largest, scores[c])
    total = 0.0
    for c in range(len(scores)):
        total += math.exp(scores[c] - largest)
    return math.log(total) + largest - scores[label]


@njit
def network(image, kernels, kernel_bias, weights, bias, maps, pooled, scores):
    """Fill `scores`, one per digit; `maps` and `pooled` are work space."""
    convolve(image, kernels, kernel_bias, maps)
    relu(maps)
    max_pool(maps, pooled)
    dense(pooled, weights, bias, scores)


@njit
def loss(kernels, kernel_bias, weights, bias, images, labels):
    """Mean cross-entropy of a batch."""
    side = images.shape[1] - kernels.shape[1] + 1
    maps = np.empty((len(kernels), side, side))
    pooled = np.empty((len(kernels), side // 2, side // 2))
    scores = np.empty(len(bias))
    total = 0.0
    for n in range(len(labels)):
        network(images[n], kernels, kernel_bias, weights, bias, maps, pooled, scores)
        total += cross_entropy(scores, labels[n])
    return total / len(labels)


@njit
def predict(kernels, kernel_bias, weights, bias, images):
    side = images.shape[1] - kernels.shape[1] + 1
    maps = np.empty((len(kernels), side, side))
    pooled = np.empty((len(kernels), side // 2, side // 2))
    scores = np.empty(len(bias))
    digits = np.empty(len(images), np.int64)
    for n in range(len(images)):
        network(images[n], kernels, kernel_bias, weights, bias, maps, pooled, scores)
        digits[n] = np.argmax(scores)
    return digits


def load(rng):
    """Scikit-learn's 1,797 scanned digits, 8 x 8, shuffled: 80 % to train on, 20 % to test on."""
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8) / 16.0
    order = rng.permutation(len(labels))
    train, test = np.split(order, [len(order) * 4 // 5])
    return images[train], labels[train], images[test], labels[test]


def initial_parameters(rng, kernels=16, size=3, pooled=3, classes=10):
    inputs = kernels * pooled * pooled
    return [
        rng.normal(0.0, math.sqrt(2.0) / size, (kernels, size, size)),
        rng.normal(0.0, 0.1, kernels),  # not 0: the blank background would put relu on its kink
        rng.normal(0.0, math.sqrt(1.0 / inputs), (classes, kernels, pooled, pooled)),
        np.zeros(classes),
    ]


def train(parameters, images, labels, rng, epochs, batch=32, rate=0.05, momentum=0.9):
    """Stochastic gradient descent with momentum; updates `parameters` in place."""
    loss_and_gradient = sct.value_and_grad(loss, argnums=PARAMETERS)
    velocities = [np.zeros_like(p) for p in parameters]
    with tqdm(total=epochs, unit="epoch", desc="compiling") as bar:
        for _ in range(epochs):
            order = rng.permutation(len(labels))
            total = 0.0
            for start in range(0, len(order), batch):
                chosen = order[start : start + batch]
                value, gradient = loss_and_gradient(*parameters, images[chosen], labels[chosen])
                total += value * len(chosen)
                for p, v, g in zip(parameters, velocities, gradient, strict=True):
                    v *= momentum
                    v -= rate * g
                    p += v
            bar.set_description("training")
            bar.set_postfix(loss=f"{total / len(order):.4f}")
            bar.update()


def main(short=False):
    """Train and return the accuracy on the test images; the short form uses a smaller network and fewer epochs."""
    rng = np.random.default_rng(0)
    images, labels, test_images, test_labels = load(rng)
    parameters = initial_parameters(rng, kernels=8 if short else 16)
    began = time.perf_counter()
    train(parameters, images, labels, rng, epochs=3 if short else 30)
    accuracy = float(np.mean(predict(*parameters, test_images) == test_labels))
    print(
        f"{len(labels)} training images, {len(test_labels)} test images: "
        f"{100 * accuracy:.1f} % of the test images read correctly, {time.perf_counter() - began:.1f} s"
    )
    return accuracy


def show_source():
    """Print the adjoint that sct generates for `loss`."""
    rng = np.random.default_rng(0)
    images, labels, _, _ = load(rng)
    print(sct.grad(loss, argnums=PARAMETERS).source(*initial_parameters(rng), images[:32], labels[:32]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train a small LeNet on scikit-learn's handwritten digits.")
    parser.add_argument("--short", action="store_true", help="a smaller network and 3 epochs")
    parser.add_argument("--source", action="store_true", help="print the generated adjoint and stop")
    options = parser.parse_args()
    if options.source:
        show_source()
    else:
        main(short=options.short)
