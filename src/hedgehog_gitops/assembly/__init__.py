"""The one place that picks adapters. Clients are imported inside the functions that need them."""
