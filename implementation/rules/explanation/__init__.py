"""An answer in words: reasons, trace, contrast, stability, break-even, questions."""
