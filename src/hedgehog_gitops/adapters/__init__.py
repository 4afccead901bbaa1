"""Adapters: the only home of each client library. They translate; they never decide."""
