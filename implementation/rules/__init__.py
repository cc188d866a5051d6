"""The pure rules core: columns of facts in, outcomes and their reasons out. No framework, database or clock."""
