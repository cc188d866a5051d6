"""Documents: strict YAML in, typed policies, parameters and programs out, every error at once."""
