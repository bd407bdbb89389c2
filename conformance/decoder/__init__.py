# SPDX-License-Identifier: Apache-2.0
"""A second decoder of SEM, in Python and numpy, written from docs/FORMAT.md and the model packs alone.

In the folder above: python3 -m decoder IN.sem OUT.png; and its tests: python3 -m pytest decoder
"""
