"""Descriptors that must end with their process: a lock, a lifeline. Children made by a bare fork do not get them.

A forked child (of multiprocessing, say) shares its parent's open files, so that it would keep a folder locked and
servers alive after its parent was killed. Programs started the ordinary way never see them: they close on exec.
"""

import functools
import os

_private: set[int] = set()


def keep_private(descriptor: int) -> int:
    """Closes `descriptor` in every child forked from now on; returns it."""
    _watch_forks()
    _private.add(descriptor)
    return descriptor


def close(descriptor: int) -> None:
    """Closes a descriptor that was kept private."""
    _private.discard(descriptor)
    os.close(descriptor)


@functools.cache
def _watch_forks() -> None:
    os.register_at_fork(after_in_child=_close_all)


def _close_all() -> None:
    for descriptor in _private:
        os.close(descriptor)
    _private.clear()
