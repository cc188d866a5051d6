"""Custodian files: read, staged, mapped to accounts, then committed or discarded."""
