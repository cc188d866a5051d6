"""The intake: what is asked about an account, in six sections, and how answers are read and checked."""
