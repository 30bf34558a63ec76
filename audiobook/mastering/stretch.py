"""Sound -> the same, slower or faster at the same pitch, by sonic (Bill Cox), which comes inside espeak-ng's library."""

import ctypes
from functools import cache

import numpy as np

from audiobook.loudness import Samples


def stretched(samples: Samples, rate: int, *, speed: float) -> Samples:
    """Float32 mono, shape (about n / speed,)."""
    sonic = _library()
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


@cache
def _library() -> ctypes.CDLL:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.sonicCreateStream.restype = ctypes.c_void_p
    library.sonicCreateStream.argtypes = [ctypes.c_int, ctypes.c_int]
    library.sonicSetSpeed.argtypes = [ctypes.c_void_p, ctypes.c_float]
    library.sonicWriteFloatToStream.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    library.sonicFlushStream.argtypes = [ctypes.c_void_p]
    library.sonicReadFloatFromStream.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    library.sonicDestroyStream.argtypes = [ctypes.c_void_p]
    return library
