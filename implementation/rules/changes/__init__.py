"""What would change an answer: flip points, pairs, strips along a fact."""
