"""Unknown facts: the box of what may be true, cut until completions show both ends."""
