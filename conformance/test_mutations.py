# SPDX-License-Identifier: Apache-2.0
"""The table of faults fits the sources that it changes: python3 -m pytest conformance"""
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import mutations  # noqa: E402


@pytest.mark.parametrize("name, path, old, new", mutations.FAULTS, ids=[fault[0] for fault in mutations.FAULTS])
def test_fault_changes_one_place(name, path, old, new):
    before = mutations.text(os.path.dirname(HERE), path)
    assert mutations.changed(before, path, old, new) != before


def test_text_that_is_not_there_is_told():
    with pytest.raises(SystemExit, match="Example.java holds 2 times: a"):
        mutations.changed("aa", "Example.java", "a", "b")


def test_names_are_different():
    names = [fault[0] for fault in mutations.FAULTS]
    assert len(set(names)) == len(names)
