"""A recommendation's document in the words and figures of its page. Nothing here reads live data."""
