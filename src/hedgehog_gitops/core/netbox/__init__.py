"""The fabric in NetBox's terms: which records show it, and what is to be written so that NetBox has them.

In the order of the work: `scene` (what is translated), `ports`, `shared`, `devices`, `cables`, `networks` and `outside`
(one part of the mapping each), `translating` (all of them together), `yielding` (what NetBox decides), `comparing`,
`sighting`, `acting`, `pruning`, `sequencing` and `planning`. `manifests` is the way back.
"""
