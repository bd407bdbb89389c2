# SPDX-License-Identifier: Apache-2.0
"""A second decoder of SEM, written from docs/FORMAT.md and the model packs alone."""
