"""Manuscript file -> Issue: one reader a format, one verb: read()."""
