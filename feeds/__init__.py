"""Shelf -> podcast feeds."""
