"""The fabric in NetBox's terms: which records show it, and what is to be written so that NetBox has them.

In the order of the work: `scene` (what is translated), `ports`, `shared`, `devices`, `cables`, `networks` and `outside`
(one part of the mapping each), `translating` (all of them together), `yielding` (what NetBox decides), `comparing`,
`sighting`, `acting`, `pruning` and `sequencing` (one record each, and their order), `showing`, `looking`, `surveying`,
`holding`, `settling` and `planning` (the plan, as for the cluster). `manifests` is the way back.
"""
