"""Answer GradBench's messages on the standard input, a line of JSON each, on the standard output."""

import sys
import warnings

from sct.bench.gradbench.protocol import serve

warnings.simplefilter("ignore")  # the other side waits for nothing but answers
serve(sys.stdin, sys.stdout)
