"""Narration -> takes: every utterance is spoken once and kept."""
