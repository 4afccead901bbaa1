"""What every test can ask for. Fixtures live in one plugin per server."""

pytest_plugins = ["fixtures_cluster"]
