"""Sound -> the same, slower or faster at the same pitch, by sonic (Bill Cox), which comes inside espeak-ng's library."""

import ctypes

import numpy as np

from audiobook.espeak_library import espeak_library
from audiobook.loudness import Samples


def stretched(samples: Samples, rate: int, *, speed: float) -> Samples:
    """Float32 mono, shape (about n / speed,)."""
    with espeak_library() as sonic:
        _declare(sonic)
        stream = sonic.sonicCreateStream(rate, 1)
        try:
            sonic.sonicSetSpeed(stream, speed)
            given = np.ascontiguousarray(samples, np.float32)
            sonic.sonicWriteFloatToStream(stream, given.ctypes.data, len(given))
            sonic.sonicFlushStream(stream)
            out = np.empty(int(len(given) / speed) + rate, np.float32)
            count: int = sonic.sonicReadFloatFromStream(stream, out.ctypes.data, len(out))
        finally:
            sonic.sonicDestroyStream(stream)
    return out[:count]


def _declare(library: ctypes.CDLL) -> None:
    library.sonicCreateStream.restype = ctypes.c_void_p
    library.sonicCreateStream.argtypes = [ctypes.c_int, ctypes.c_int]
    library.sonicSetSpeed.argtypes = [ctypes.c_void_p, ctypes.c_float]
    library.sonicWriteFloatToStream.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    library.sonicFlushStream.argtypes = [ctypes.c_void_p]
    library.sonicReadFloatFromStream.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    library.sonicDestroyStream.argtypes = [ctypes.c_void_p]
