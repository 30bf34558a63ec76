"""espeak-ng's shared library (package espeakng-loader; sonic is in it too), loaded for one use and unloaded after it."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

if sys.platform == "win32":
    from _ctypes import FreeLibrary
else:
    from _ctypes import dlclose


@contextmanager
def espeak_library() -> Iterator[ctypes.CDLL]:
    """The library as it is before anybody has used it.

    It keeps its state in global variables, and none of its own functions puts all of them back: phases that run on
    from one text into the next make the same text sound a little different. Unloading it does, in 0.2 ms, unless
    somebody else in this process holds it.
    """
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    try:
        yield library
    finally:
        if sys.platform == "win32":
            FreeLibrary(library._handle)
        else:
            dlclose(library._handle)
