# size 3, seed 1, turn 0
def f(x, y, a, b):
    x[0] = a = -(-0.4)
    x[1] += -(-(-0.3))
    return x[0] * y[0] + x[1] * a * y[1] + max(-(-0.1), b)
