"""Validate, plan and apply the GitOps directory of a Hedgehog open-network fabric."""
