"""Forms: what a person types, read strictly and answered with value and remedy."""
