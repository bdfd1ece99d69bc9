"""Functions with a derivative of the user's own: plain Python when called, a Numba dispatcher in compiled code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core.registry import CPUDispatcher

from sct.custom import Jvp, Vjp


class _Custom(CPUDispatcher):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.py_func(*args, **kwargs)

    def _set(self, rule: Vjp | Jvp) -> None:
        self.py_func._sct_rule = rule


class CustomVjp(_Custom):
    """See `sct.custom_vjp`."""

    def defvjp(self, fwd: Callable[..., Any], bwd: Callable[..., Any]) -> None:
        """Give the function its reverse rule."""
        self._set(Vjp(fwd, bwd))


class CustomJvp(_Custom):
    """See `sct.custom_jvp`."""

    def defjvp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function its forward rule; also `@f.defjvp`."""
        self._set(Jvp(rule))
        return rule
