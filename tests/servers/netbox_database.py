"""Fills an empty database for NetBox; run by NetBox's own Python with its configuration in place.

    netbox_database.py make COLLATION    the tables, one administrator and two tokens; prints them as JSON
    netbox_database.py migrate           the tables only, by NetBox's own migrations: minutes instead of seconds
    netbox_database.py sql               run the statements on stdin, outside of a transaction; needs $DSN only

`make` takes the tables from the models as they are now, then what only migrations hold: the extension, the collation,
the triggers and the first rows; and notes every migration as applied. Compared by `pg_dump` with what `migrate` leaves
(for the version that netbox.py names), only names of constraints differ, and the width of one id that nobody uses.
"""

# ruff: noqa: T201 - a command prints its result

from __future__ import annotations

import json
import os
import secrets
import sys
from importlib import import_module
from typing import Any

TRIGGERS = {"InstallDenormalizationTrigger", "InstallLtreeTriggers", "ReinstallLtreeTriggers"}
"""The operations of NetBox's migrations that leave something in the database which no model declares."""

COLLATIONS = {"icu": "provider = icu, locale = 'und-u-kn-true'", "plain": "provider = libc, locale = 'C'"}
"""The order of names. `plain` stands in where the server lacks ICU: only the order of names differs."""


def main() -> None:
    """Do what the first argument says."""
    command, *arguments = sys.argv[1:]
    if command == "sql":
        _run_statements(os.environ["DSN"], sys.stdin.read())
        return
    import_module("django").setup()
    if command == "migrate":
        import_module("django.core.management").call_command("migrate", verbosity=1)
    else:
        make(*arguments)
    print(json.dumps(make_account()))


def make(collation: str) -> None:
    """The schema of the models as they are, and what only migrations hold."""
    connection = import_module("django.db").connection
    executor = import_module("django.db.migrations.executor").MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    with connection.schema_editor() as editor:
        editor.execute("CREATE EXTENSION IF NOT EXISTS ltree")
        editor.execute(f"CREATE COLLATION natural_sort ({COLLATIONS[collation]})")
        for model in _models(connection):
            editor.create_model(model)
    with connection.schema_editor() as editor:
        for migration in plan:
            for operation in migration.operations:
                if type(operation).__name__ in TRIGGERS:
                    operation.database_forwards(migration.app_label, editor, None, None)
        apps = import_module("django.apps").apps
        import_module("dcim.migrations.0206_load_module_type_profiles").load_initial_data(apps, editor)
    for migration in plan:
        executor.recorder.record_applied(migration.app_label, migration.name)
    executor.check_replacements()
    signal = import_module("django.core.management.sql").emit_post_migrate_signal
    signal(0, False, connection.alias, plan=[])  # noqa: FBT003 - Django's own positional argument


def make_account() -> dict[str, str]:
    """An administrator with one token of each version."""
    users: Any = import_module("users.models")
    password, plain, secret = secrets.token_hex(8), secrets.token_hex(20), secrets.token_hex(20)
    user = users.User.objects.create_superuser("admin", "admin@example.invalid", password)
    users.Token(user=user, version=1, token=plain).save()
    token = users.Token(user=user, version=2, token=secret)
    token.save()
    return {"username": "admin", "password": password, "v1": plain, "v2": f"nbt_{token.key}.{secret}"}


def _models(connection: Any) -> list[Any]:
    configs = import_module("django.apps").apps.get_app_configs()
    return [
        model
        for config in configs
        for model in config.get_models()
        if model._meta.can_migrate(connection) and model._meta.managed and not model._meta.proxy  # noqa: SLF001 - Django's documented name
    ]


def _run_statements(dsn: str, statements: str) -> None:
    with import_module("psycopg").connect(dsn, autocommit=True) as connection:
        for statement in filter(str.strip, statements.split(";\n")):
            connection.execute(statement)


if __name__ == "__main__":
    main()
