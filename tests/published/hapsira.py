"""hapsira: propagators, Lambert solvers, orbital elements, perturbations, manoeuvres."""

from __future__ import annotations

import numpy as np
from hapsira._math import linalg, special
from hapsira.core import (
    angles,
    czml_utils,
    elements,
    events,
    flybys,
    iod,
    maneuver,
    perturbations,
    propagation,
    sensors,
    spheroid_location,
    util,
)
from hapsira.core.earth_atmosphere import util as atmosphere
from hapsira.core.propagation.farnocchia import (
    D_to_M_near_parabolic,
    M_to_D_near_parabolic,
    S_x,
    d2S_x_alt,
    delta_t_from_nu,
    dS_x_alt,
    nu_from_delta_t,
)
from hapsira.core.threebody import cr3bp_quantities_calculations as threebody
from hapsira.core.thrust import change_a_inc, change_argp, change_ecc_inc, change_ecc_quasioptimal
from hapsira.core.thrust.change_a_inc import beta as a_inc_beta
from hapsira.core.thrust.change_a_inc import extra_quantities as a_inc_quantities
from hapsira.core.thrust.change_argp import extra_quantities as argp_quantities
from hapsira.core.thrust.change_ecc_inc import beta as ecc_inc_beta
from hapsira.core.thrust.change_ecc_inc import delta_V as ecc_inc_delta_v
from numba import njit

from tests.published.check import Catalogue

CASES = Catalogue()
K = 1.3
R = np.array([1.0, 0.1, -0.2])
V = np.array([0.1, 0.95, 0.3])
FAST = np.array([0.3, 1.7, 0.4])  # hyperbolic
STATE = np.concatenate([R, V])
ORBIT = (1.2, 0.2, 0.5, 1.1, 0.7, 0.9)  # p, ecc, inc, raan, argp, nu
OPEN = (1.2, 1.4, 0.5, 1.1, 0.7, 0.9)
TOF = 1.3

CASES.add(linalg.norm, R)
for psi in (-2.5, -0.3, 0.4, 3.0):
    CASES.add(special.stumpff_c2, psi)
    CASES.add(special.stumpff_c3, psi)
CASES.add(special.hyp2f1b, 0.3)

CASES.add(angles.D_to_nu, 0.4)
CASES.add(angles.nu_to_D, 0.4)
CASES.add(angles.nu_to_E, 0.7, 0.2)
CASES.add(angles.nu_to_F, 0.7, 1.4)
CASES.add(angles.E_to_nu, 0.7, 0.2)
CASES.add(angles.F_to_nu, 0.7, 1.4)
CASES.add(angles.M_to_E, 0.7, 0.2)
CASES.add(angles.M_to_F, 0.7, 1.4)
CASES.add(angles.M_to_D, 0.7)
CASES.add(angles.E_to_M, 0.7, 0.2)
CASES.add(angles.F_to_M, 0.7, 1.4)
CASES.add(angles.D_to_M, 0.7)
CASES.add(angles.fp_angle, 0.7, 0.2)

CASES.add(util.rotation_matrix, 0.4, 2)
CASES.add(util.alinspace, 0.4, 2.1, 5, refused="the length of the array `result` is not known")
CASES.add(util.spherical_to_cartesian, np.array([1.2, 0.4, 0.8]), refused="np.expand_dims")
CASES.add(util.planetocentric_to_AltAz, 0.4, 0.8)

CASES.add(elements.eccentricity_vector, K, R, V)
CASES.add(elements.circular_velocity, K, 1.7)
CASES.add(elements.rv_pqw, K, 1.2, 0.2, 0.9)
CASES.add(elements.coe_rotation_matrix, 0.5, 1.1, 0.7)
CASES.add(elements.coe2rv, K, *ORBIT)
CASES.add(
    elements.coe2rv_many,
    np.array([K, 1.1]),
    np.array([1.2, 1.5]),
    np.array([0.2, 0.1]),
    np.array([0.5, 0.3]),
    np.array([1.1, 2.0]),
    np.array([0.7, 0.2]),
    np.array([0.9, 1.9]),
)
CASES.add(elements.coe2mee, *ORBIT)
CASES.add(elements.rv2coe, K, R, V)
CASES.add(elements.rv2coe, K, R, FAST)
CASES.add(elements.mee2coe, 1.2, 0.1, 0.15, 0.2, 0.1, 1.4)

CASES.add(propagation.func_twobody, 0.0, STATE, K, fixed=(0,))
CASES.add(S_x, 0.99, 0.2)
CASES.add(dS_x_alt, 0.99, 0.2)
CASES.add(d2S_x_alt, 0.99, 0.2)
CASES.add(D_to_M_near_parabolic, 0.4, 0.995)
CASES.add(M_to_D_near_parabolic, 0.4, 0.995)
CASES.add(delta_t_from_nu, 0.9, 0.2, K, 0.8)
CASES.add(delta_t_from_nu, 0.9, 1.4, K, 0.8)
CASES.add(delta_t_from_nu, 0.05, 0.995, K, 0.8)
CASES.add(nu_from_delta_t, 0.9, 0.2, K, 0.8)
CASES.add(nu_from_delta_t, 0.9, 1.4, K, 0.8)
CASES.add(propagation.farnocchia_coe, K, *ORBIT, TOF)
CASES.add(propagation.farnocchia_coe, K, *OPEN, TOF)
CASES.add(propagation.farnocchia, K, R, V, TOF)
CASES.add(propagation.vallado, K, R, V, TOF, 50)
CASES.add(propagation.vallado, K, R, FAST, TOF, 50)
CASES.add(propagation.mikkola_coe, K, *ORBIT, TOF)
CASES.add(propagation.mikkola, K, R, V, TOF)
CASES.add(propagation.markley_coe, K, *ORBIT, TOF)
CASES.add(propagation.markley, K, R, V, TOF)
CASES.add(propagation.pimienta_coe, K, *ORBIT, TOF)
CASES.add(propagation.gooding_coe, K, *ORBIT, TOF)
CASES.add(propagation.gooding, K, R, V, TOF)
CASES.add(propagation.danby_coe, K, *ORBIT, TOF, 20, 1e-12, fixed=(9,))
CASES.add(propagation.danby, K, R, V, TOF, 20, 1e-12, fixed=(5,))
CASES.add(propagation.recseries_coe, K, *ORBIT, TOF)


@CASES.at(K, *ORBIT, TOF)
def recseries_by_order(k, p, ecc, inc, raan, argp, nu, tof):
    return propagation.recseries_coe(k, p, ecc, inc, raan, argp, nu, tof, method="order", order=12)


CASES.add(iod.izzo, K, R, np.array([-0.4, 1.1, 0.3]), 2.1, 0, True, True, 35, 1e-8, fixed=(8,))
CASES.add(iod._tof_equation_y, 0.9, 0.95, 1.1, 0.6, 0)
CASES.add(iod._householder, 0.3, 1.1, 0.6, 0, 1e-8, 35, fixed=(4,))
CASES.add(iod._halley, 0.1, 3.0, 0.6, 1e-8, 35, fixed=(3,))
CASES.add(iod._initial_guess, 1.1, 0.6, 0, True)
CASES.add(iod._reconstruct, 0.3, 0.8, 1.1, 1.2, 0.6, 0.7, 0.1, 0.9)
CASES.add(iod.vallado, K, R, np.array([-0.4, 1.1, 0.3]), 2.1, 0, True, True, 100, 1e-12, fixed=(8,), decided="`psi`")

CASES.add(perturbations.J2_perturbation, 0.0, STATE, K, 1e-2, 0.9, fixed=(0,))
CASES.add(perturbations.J3_perturbation, 0.0, STATE, K, 1e-2, 0.9, fixed=(0,))
CASES.add(perturbations.atmospheric_drag_exponential, 0.0, STATE, K, 0.9, 2.2, 0.1, 0.3, 1.5, fixed=(0,))
CASES.add(perturbations.atmospheric_drag, 0.0, STATE, K, 2.2, 0.1, 1.5, fixed=(0,))


@njit
def moving_body(t):
    return np.array([3.0 * np.cos(0.3 * t), 3.0 * np.sin(0.3 * t), 0.2 * t])


@CASES.at(0.7, STATE, K, 0.4)
def third_body(t0, state, k, k_third):
    return perturbations.third_body(t0, state, k, k_third, moving_body)


@CASES.at(0.7, STATE, K, 0.9, 1.1, 0.2, 1.5, refused="no float(bool)")
def radiation_pressure(t0, state, k, radius, c_r, a_over_m, w_over_c):
    return perturbations.radiation_pressure(t0, state, k, radius, c_r, a_over_m, w_over_c, moving_body)


CASES.add(events.line_of_sight, R, np.array([-0.4, 1.6, 0.3]), 0.8)
CASES.add(events.eclipse_function, K, STATE, np.array([20.0, 7.0, 3.0]), 0.6, 0.5)
CASES.add(events.eclipse_function, K, STATE, np.array([20.0, 7.0, 3.0]), 0.6, 0.5, False)
CASES.add(events.elevation_function, K, STATE, 0.4, 0.8, 0.9, 0.88, 0.05)

CASES.add(a_inc_quantities, K, 1.2, 1.9, 0.1, 0.5, 1e-2)
CASES.add(a_inc_beta, 0.4, 1.1, 1e-2, 0.3)
CASES.add(argp_quantities, K, 1.2, 0.3, 0.2, 0.9, 1e-2)
CASES.add(ecc_inc_beta, 0.4, 0.1, 0.2, 0.5, 0.3)
CASES.add(ecc_inc_delta_v, 1.1, 0.4, 0.1, 0.3)
CASES.add(change_ecc_quasioptimal.extra_quantities, K, 1.2, 0.1, 0.5, 1e-2)


CASES.add(change_a_inc(K, 1.2, 1.9, 0.1, 0.5, 1e-2)[0], 0.4, STATE, K)
CASES.add(change_argp(K, 1.2, 0.3, 0.2, 0.9, 1e-2)[0], 0.4, STATE, K)
CASES.add(change_ecc_inc(K, 1.2, 0.4, 0.1, 0.2, 0.5, 0.3, R, V, 1e-2)[0], 0.4, STATE, K)

CASES.add(spheroid_location.cartesian_cords, 1.0, 0.97, 0.4, 0.8, 0.05)
CASES.add(spheroid_location.N, 1.0, 1.0, 0.97, np.array([0.5, 0.4, 0.6]))
CASES.add(spheroid_location.tangential_vecs, np.array([0.5, 0.4, 0.7]))
CASES.add(spheroid_location.radius_of_curvature, 1.0, 0.97, 0.8)
CASES.add(spheroid_location.distance, np.array([0.5, 0.4, 0.7]), 1.5, 1.1, 0.3)
CASES.add(spheroid_location.cartesian_to_ellipsoidal, 1.0, 0.97, 0.5, 0.4, 0.7)

CASES.add(flybys.compute_flyby, V, np.array([0.3, 0.2, 0.1]), K, 0.4, 0.6)
CASES.add(maneuver.correct_pericenter, K, 0.9, 1e-2, 0.05, V, 1.5, 0.4, 0.2)


@CASES.at(K, R, V, 2.5)
def hohmann(k, r, v, r_f):
    return maneuver.hohmann(k, (r, v), r_f)


@CASES.at(K, 4.0, 2.5, R, V)
def bielliptic(k, r_b, r_f, r, v):
    return maneuver.bielliptic(k, r_b, r_f, (r, v))


CASES.add(sensors.min_and_max_ground_range, 0.1, 0.3, 0.4, 1.0)
CASES.add(sensors.ground_range_diff_at_azimuth, 0.1, 0.3, 0.4, 0.7, 0.3, 0.9, 1.0)
CASES.add(czml_utils.intersection_ellipsoid_line, 1.5, 1.2, 0.8, 1.4, 1.1, 0.9, 1.0, 1.0, 0.97)
CASES.add(czml_utils.project_point_on_ellipsoid, 1.5, 1.2, 0.8, 1.0, 1.0, 0.97)
CASES.add(threebody.calculate_mu, 1.3, 0.2)
CASES.add(threebody.calculate_tstar, 1.3, 0.2, 1.5)
CASES.add(atmosphere.geometric_to_geopotential, 0.3, 1.5)
CASES.add(atmosphere.gravity, 0.3, 9.8, 1.5)
CASES.add(atmosphere._check_altitude, 0.3, 1.5, True)
