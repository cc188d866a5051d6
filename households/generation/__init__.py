"""The seeded generator of books: the demo firm, and synthetic books of any size for benchmarks."""
