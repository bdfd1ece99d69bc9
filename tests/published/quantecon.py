"""quantecon: root finders and optimisers that take a function, pivoting, quadratures, Markov chains, inequality."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from quantecon import _gridtools, _inequality, _lss, quad
from quantecon._compute_fp import _initialize_tableaux_ig
from quantecon.game_theory import repeated_game
from quantecon.game_theory.vertex_enumeration import _get_mixed_actions
from quantecon.markov import approximation, utilities
from quantecon.markov.gth_solve import _gth_solve_jit
from quantecon.optimize import brent_max, lcp_lemke, linprog_simplex, nelder_mead, pivoting, root_finding
from quantecon.optimize.linprog_simplex import _set_criterion_row, solve_tableau
from quantecon.optimize.minmax import minmax
from quantecon.optimize.nelder_mead import _initialize_simplex

from tests.published.check import Catalogue

CASES = Catalogue()


@njit
def cubic(x, a, b):
    return x**3 - a * x - b


@njit
def cubic_prime(x, a, b):
    return 3.0 * x**2 - a


@njit
def cubic_second(x, a, b):
    return 6.0 * x


@CASES.at(2.0, 1.1, 0.7, fixed=(0,))
def newton(x0, a, b):
    return root_finding.newton(cubic, x0, cubic_prime, args=(a, b)).root


@CASES.at(2.0, 1.1, 0.7, fixed=(0,))
def newton_halley(x0, a, b):
    return root_finding.newton_halley(cubic, x0, cubic_prime, cubic_second, (a, b))[0]


@CASES.at(2.0, 1.1, 0.7, fixed=(0,))
def newton_secant(x0, a, b):
    return root_finding.newton_secant(cubic, x0, args=(a, b), disp=False).root


@CASES.at(0.5, 3.0, 1.1, 0.7, fixed=(0, 1), decided="`xa`")
def bisect(low, high, a, b):
    return root_finding.bisect(cubic, low, high, args=(a, b)).root


@CASES.at(0.5, 3.0, 1.1, 0.7, fixed=(0, 1))
def brentq(low, high, a, b):
    return root_finding.brentq(cubic, low, high, (a, b)).root


@njit
def hill(x, a, b):
    return -((x - a) ** 2) - b * (x - a) ** 4 + b * a


@CASES.at(-1.0, 2.0, 0.4, 0.3, fixed=(0, 1))
def maximum_by_brent(low, high, a, b):
    return brent_max(hill, low, high, args=(a, b))[1]


@njit
def bowl(x, a, b):
    return -((x[0] - a) ** 2) - b * (x[1] - x[0] ** 2) ** 2 + a * b


@CASES.at(np.array([0.3, 0.8]), 0.4, 1.3, fixed=(0,), refused="np.atleast_2d")
def maximum_by_nelder_mead(x0, a, b):
    return nelder_mead(bowl, x0, args=(a, b)).fun


CASES.add(_initialize_simplex, np.array([0.3, 0.0, -0.7]), np.empty((0, 2)), fixed=(1,))

GAME = np.array([[0.3, -0.5, 0.2], [-0.4, 0.6, -0.1], [0.1, -0.2, 0.4]])


@CASES.at(GAME)
def value_of_game(a):
    return minmax(a)[0]


@CASES.at(GAME)
def strategies_of_game(a):
    return minmax(a)[1:]


@CASES.at(np.array([3.0, 2.0]), np.array([[1.0, 1.1], [1.3, 0.4], [0.2, 1.0]]), np.array([4.0, 3.5, 3.0]))
def linear_program(c, a_ub, b_ub):
    return linprog_simplex(c, a_ub, b_ub).fun


@CASES.at(np.array([[2.0, 0.3, 0.1], [0.2, 1.7, 0.4], [0.3, 0.1, 1.9]]), np.array([-1.0, 0.5, -0.7]))
def complementarity(m, q):
    return lcp_lemke(m, q).z


TABLEAU = np.array([[2.0, 1.0, 1.0, 0.0, 4.0], [1.0, 3.0, 0.0, 1.0, 6.0], [-3.0, -2.0, 0.0, 0.0, 0.5]])
CASES.add(pivoting._pivoting, TABLEAU, 0, 1)
CASES.add(_set_criterion_row, np.array([3.0, 2.0]), np.array([0, 1]), TABLEAU)


@CASES.at(TABLEAU)
def solved_tableau(tableau):
    basis = np.array([2, 3])
    solve_tableau(tableau, basis, skip_aux=False)
    return tableau


CASES.add(quad._qnwcheb1, 5, -0.3, 1.4)
CASES.add(quad._qnwlege1, 5, -0.3, 1.4, refused="an array of subscripts")
CASES.add(quad._qnwsimp1, 5, -0.3, 1.4, refused="prints or draws random numbers")
CASES.add(quad._qnwtrap1, 5, -0.3, 1.4)
CASES.add(quad._qnwbeta1, 4, 1.6, 2.3)
CASES.add(quad._qnwgamma1, 4, 1.6, 2.3)


@CASES.at(-0.3, 1.4, refused="an array of subscripts")
def integral_by_legendre(a, b):
    nodes, weights = quad._qnwlege1(6, a, b)
    total = 0.0
    for i in range(6):
        total += weights[i] * math.exp(-(nodes[i] ** 2))
    return total


CASES.add(
    _lss.simulate_linear_model,
    np.array([[0.9, 0.1], [-0.2, 0.7]]),
    np.array([1.0, -0.5]),
    np.array([[0.1, -0.2, 0.3, 0.0], [0.2, 0.1, -0.1, 0.0]]),
    4,
)


@CASES.at(np.array([0.3, -0.2, 0.9]))
def repeated(x):
    out = np.empty(12)
    _gridtools._repeat_1d(x, 2, out)
    return out


@CASES.at(np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.4, 0.2, 0.4]]))
def stationary(p):
    out = np.zeros(3)
    _gth_solve_jit(p, out)
    return out


CASES.add(approximation.std_norm_cdf, 0.4)


@CASES.at(np.array([-1.0, 0.1, 1.2]), 0.8, 0.5, 0.55)
def tauchen(x, rho, sigma, half_step):
    p = np.empty((3, 3))
    approximation._fill_tauchen(x, p, 3, rho, sigma, half_step)
    return p


CASES.add(_inequality.gini_coefficient, np.array([1.0, 2.5, 0.7, 3.1]))
CASES.add(_inequality.lorenz_curve, np.array([1.0, 2.5, 0.7, 3.1]))

A_INDICES, A_INDPTR = np.array([0, 1, 0, 1, 2]), np.array([0, 2, 5])
VALS = np.array([0.3, 0.7, 1.1, -0.2, 0.9])
CASES.add(utilities._fill_dense_Q, np.array([0, 1]), np.array([1, 0]), np.array([[0.3, 0.7], [0.6, 0.4]]), np.zeros((2, 2, 2)))


@CASES.at(VALS)
def state_wise_maxima(vals):
    out, chosen = np.empty(2), np.empty(2, np.int64)
    utilities._s_wise_max_argmax(A_INDICES, A_INDPTR, vals, out, chosen)
    return out


@CASES.at(VALS)
def state_wise_maximum(vals):
    out = np.empty(2)
    utilities._s_wise_max(A_INDICES, A_INDPTR, vals, out)
    return out


@CASES.at(np.array([0.2, 0.3]), np.array([0.1, 0.6]), np.array([0.9, 0.2]))
def intersection(ic, pt0, pt1):
    c, weights = np.zeros((4, 2)), np.empty(2)
    repeated_game._intersect(c, 0, weights, ic, pt0, pt1, 1e-10)
    return c


CASES.add(repeated_game._update_u, np.array([0.2, 0.3]), np.array([[0.4, 0.1], [0.5, 0.2], [0.3, 0.7]]))


@CASES.at(np.array([0.5, 0.8, 0.3]), np.array([0.4, 0.9, 0.2]), refused="np.uint64")
def mixed_actions(first, second):
    return _get_mixed_actions(np.uint64(6), (first, second), (1.0, 1.5))


@CASES.at(np.array([[0.1, 0.4], [0.7, 0.2]]), np.array([[0.3, 0.3], [0.5, 0.1]]), refused="None as a value")
def fixed_point_tableaux(x, y):
    tableaux = (np.empty((2, 5)), np.empty((2, 5)))
    bases = (np.empty(2, np.int64), np.empty(2, np.int64))
    _initialize_tableaux_ig(x, y, tableaux, bases)
    return tableaux[1]
