"""Static checks of a policy: what a document says that cannot be, or can never act."""
