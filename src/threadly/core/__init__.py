"""Packages that any asyncio application can use: nothing here knows of clothes or of a web framework."""
