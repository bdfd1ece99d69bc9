"""Passes that make generated functions read and run like hand-written ones."""
import gast
from sct.analyses.unit import Unit


def optimise(function: gast.FunctionDef, unit: Unit) -> gast.FunctionDef:
    return function
