"""Lines about what happens, for people at a terminal and for programs elsewhere."""
