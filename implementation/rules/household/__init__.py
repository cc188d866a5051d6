"""The household plan: one platform choice for all accounts together."""
