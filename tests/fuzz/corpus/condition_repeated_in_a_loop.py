# size 3, seed 1, turn 0
def f(x, y, a, b):
    s = a
    if not (s >= 0.1):
        s = s + b
        for i in range(1):
            if not (s >= 0.1):
                pass
        if not (s >= 0.1):
            if not (s >= 0.1):
                pass
    while not (a >= 0.1):
        a = a + 0.5
    return s + x[0] * a
