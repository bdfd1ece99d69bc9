"""GradBench's protocol: messages "start", "define", "evaluate", "analysis" and "end" come in, each is answered under its id."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterable
from typing import Any, TextIO

from sct.bench.gradbench.evals import EVALS, Function


def serve(lines: Iterable[str], answers: TextIO) -> None:
    """Answer every message, until there are no more or one is "end"."""
    for line in lines:
        message = json.loads(line)
        print(json.dumps({"id": message["id"]} | respond(message)), file=answers, flush=True)
        if message["kind"] == "end":
            break


def respond(message: dict[str, Any]) -> dict[str, Any]:
    """The answer to one message, without its id; what goes wrong is an answer too."""
    match message["kind"]:
        case "start":
            return {"tool": "sct"}
        case "define":
            return _defined(message["module"])
        case "evaluate":
            try:
                return _evaluated(EVALS[message["module"]][message["function"]], message["input"])
            except Exception as problem:
                return {"success": False, "error": "".join(traceback.format_exception(problem))}
    return {}


def _defined(module: str) -> dict[str, Any]:
    if module in EVALS:
        return {"success": True}
    return {"success": False, "error": f"{module!r} is none of {', '.join(EVALS)}"}


def _evaluated(function: Function, given: Any) -> dict[str, Any]:
    """The output and the times of as many runs as asked for; "prepare" is the first, which may compile."""
    asked = given if isinstance(given, dict) else {}
    arguments = function.arguments(given)
    run = function.make(given)
    _, prepared = _timed(run, arguments)
    timings = []
    while not timings or len(timings) < asked.get("min_runs", 1) or sum(timings) < 1e9 * asked.get("min_seconds", 0.0):
        output, elapsed = _timed(run, arguments)
        timings.append(elapsed)
    return {
        "success": True,
        "output": function.output(output),
        "timings": [
            {"name": "prepare", "nanoseconds": prepared},
            *({"name": "evaluate", "nanoseconds": elapsed} for elapsed in timings),
        ],
    }


def _timed(run, arguments) -> tuple[Any, int]:
    began = time.perf_counter_ns()
    output = run(*arguments)
    return output, time.perf_counter_ns() - began
