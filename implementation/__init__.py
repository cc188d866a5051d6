"""What could be done: how direct indexing is implemented, and by which rules the firm chooses."""
