"""What moving a schema needs beside Alembic: patience with locks, and no remains of what was interrupted.

Promises: of who is waited for and how long `waiting`; of indexes that nobody finished `remains`.
"""
