"""What published code was found to contain, in our own words."""

from .registry import program


@program(lambda r: (1.1, 0.7))
def published_powers_by_repeated_products(x, y):
    """Each name is used twice in the next: written out, the last would have 2**40 factors."""
    a, b = x, y
    n, m = 1, 1
    s = 0.0
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    a, b = 0.5 * a * b, a - b
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    n, m = (n * m + n) % 7 + 1, (m * n + m) % 5 + 1
    for i in range(n):
        s += a * x + m * b
    return s
