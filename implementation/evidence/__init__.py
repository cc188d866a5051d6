"""Pure numbers behind the fits: fees."""
