"""The library: a manuscript in, a publication on the shelf."""

__version__ = "0.1.0"
