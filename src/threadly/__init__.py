"""Threadly: run your own second-hand fashion marketplace."""

__version__ = "0.1.0"
