"""What only the run can refuse: an array that a loop rebinds to one of another length."""

import numpy as np
import pytest

from tests.harness import plain
from tests.programs import outside_later_data as data


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (data.enzyme_room_doubled_when_full, (np.arange(1.0, 8.0), 0.5)),
        (data.clad_pointer_walks, (np.arange(1.0, 7.0), 0.5)),
        (data.enzyme_rebound_to_one_element, (np.arange(1.0, 4.0),)),
    ],
)
@pytest.mark.parametrize("plan", ["default", "store_all"])
def test_another_length_is_an_error(f, args, plan):
    with pytest.raises(ValueError, match="sct: the loop rebinds .* to an array of another shape"):
        plain(f, args, 0, plan=plan)(*args)
