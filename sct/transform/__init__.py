"""Tangent and adjoint programs, assembled from the rules."""
