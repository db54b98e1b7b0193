"""The bytes of an update give back what was put in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from recommender.store.update_payload import decode_payload, encode_payload

PLAIN = st.sampled_from(["<f4", ">f8", "int8", "<u8", ">i4", "bool", "S3", "<U2"])
ARRAYS = st.dictionaries(st.text(max_size=5), PLAIN.flatmap(
    lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=0, min_side=0, max_side=4))
), max_size=4)  # fmt: skip


@given(
    ARRAYS,
    st.dictionaries(st.text(max_size=4), st.none() | st.text(max_size=4) | st.integers(-(2**60), 2**60)),
)
def test_arrays_and_facts_come_back(arrays, facts):
    payload = encode_payload(arrays, facts)
    found, found_facts = decode_payload(payload)
    assert found_facts == facts
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype.newbyteorder("<")
        assert found[name].shape == array.shape
        np.testing.assert_array_equal(found[name], array)
        assert not found[name].flags.writeable
    assert encode_payload(dict(reversed(arrays.items())), facts) == payload


def test_objects_are_refused():
    with pytest.raises(ValueError, match="objects in the array 'x'"):
        encode_payload({"x": np.array([object()])}, {})


@given(st.binary(max_size=60))
def test_other_bytes_are_a_value_error(content):
    with pytest.raises(ValueError):
        decode_payload(content)
