"""The words of the six sections, one file each."""
