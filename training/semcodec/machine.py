# SPDX-License-Identifier: Apache-2.0
"""Settings of the process that make PyTorch faster on a CPU. Import it before torch: libraries look at the environment once, when they are loaded."""
import ctypes
import os

MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1  # of the C library's mallopt


def _flags():
    try:
        with open('/proc/cpuinfo') as f:
            return next((set(line.split()) for line in f if line.startswith('flags')), set())
    except OSError:
        return set()


def _keep_memory():
    """Tensors come and go: without this each takes fresh pages of the system, zeroed one by one."""
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    if mallopt:
        mallopt(MMAP_THRESHOLD, 1 << 25)
        mallopt(TRIM_THRESHOLD, (1 << 31) - 1)


if {'avx512f', 'avx512dq', 'avx512bw', 'avx512vl'} <= _flags():
    os.environ.setdefault('OPENBLAS_CORETYPE', 'SKYLAKEX')  # OpenBLAS 0.3.21 takes processors that it does not know for older ones: half as fast
_keep_memory()
