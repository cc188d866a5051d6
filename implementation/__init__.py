"""First floor: what could be done. How a structure is implemented, by which program, under which policy."""
