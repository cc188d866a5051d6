"""The security master: read from CSV, kept with its history, matched to positions; it guesses nothing."""
