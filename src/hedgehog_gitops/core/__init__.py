"""Decisions: values in, values out. No clock, file, network or environment.

Read in the order of the pipeline:

1. `reading`     bytes → documents, read the way Kubernetes reads them
2. `identify`    documents → manifests: who each object is; `object_faults` what is wrong with it by itself
3. `layout`      where each object lives in the fabric directory; `structure` is what `init` creates
4. `ingest`      raw files → the files that the next commit holds
5. `defaulting`  what the cluster fills in; `canonical` is the form in which values are compared
6. `schema`      what the API server refuses; `references` who needs whom; `semantics` what admission refuses
7. `validation`  all layers over one snapshot
8. `ownership`   who owns a live field; `authority` who decides about it; `judge` who moved it; `comparing` and
                `looking` one object on all sides
9. `holding`     what is held back; `claims`, `rooms`, `membership`, `ordering` who waits for whom; `movable` what no
                order can write; `pruning` what goes; `stepping` all of it, as it will be done; `reach` who is reached
10. `planning`   the one plan; `waves` its order; `settling` what the memory learns; `saved_plan` the plan as JSON
11. `due`        when a fabric is synced next, and what its status is
12. `workflow`   what the Action is asked, how it ended, and what it tells at GitHub
"""
