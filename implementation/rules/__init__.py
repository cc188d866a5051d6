"""The pure rules core: columns of facts in, outcomes and reasons out. No framework, database or clock."""
