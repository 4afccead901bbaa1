"""The catalogue of rules: one module per layer of validation, and the look-up by id."""
