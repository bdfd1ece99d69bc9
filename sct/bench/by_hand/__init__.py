"""Adjoints written by a person: what generated code can reach. Each returns the value and a tuple of the gradients."""

from sct.bench.by_hand import gradbench, matrices, stencils, sums

ADJOINTS = {
    f.__name__: f
    for f in (
        *(gradbench.gmm, gradbench.lstm, gradbench.kmeans, gradbench.logsumexp, gradbench.ode),
        *(sums.energy, sums.scan, sums.black_scholes, sums.conv, sums.nbody),
        *(matrices.cholesky, matrices.trisolv, matrices.durbin, stencils.seidel, stencils.jacobi),
    )
}
