"""Shelf -> web pages, the player and the files behind them."""
