"""Nouns: frozen values and enumerations, standard library only.

Read in this order: `plain` (JSON values and field paths), `finding`, `kind`, `document`, `snapshot`, `tree`,
`live`, `plan`, `state`, `settings`, `errors`.
"""
