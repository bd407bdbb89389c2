# SPDX-License-Identifier: Apache-2.0
"""The SEM transform codec in PyTorch: wavelet, coefficient networks, integer prior. See docs/FORMAT.md."""
