"""Decisions of the Action: inputs and events → what to do, findings and plans → what to tell, and where.

`inputs` and `occasion` read what the runner gives; `judging` says how the step ended and counts; `outputs` writes what
later steps read; `marking` knows our own comments and issues again, and `telling` decides about them; `approving` picks
the plan that was approved; `choosing` the annotations; `secrets` keeps values out of everything that is written.
"""
