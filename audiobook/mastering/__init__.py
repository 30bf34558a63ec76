"""Takes -> Recording: levelled sound and the exact time of every sentence."""
