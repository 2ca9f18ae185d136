"""What moving a schema needs beside Alembic.

Who is waited for and how long: `waiting`. Indexes that nobody finished: `remains`. Rows that have to be filled:
`backfill`. What goes while an older release is connected: `releases`. Whether all is whole: `integrity`. What a
downgrade would lose: `losses`. A revision as SQL: `written`. What one failed of: `failing`.
"""
