"""Frozen data of the whole house; imports nothing of it."""
