"""What a table lets in once only: its primary key, its unique constraints and indexes. Blocking."""

import sqlalchemy as sa

from billing_tui.services.database_table import Shape


def unique_columns(connection: sa.Connection, shape: Shape) -> frozenset[tuple[str, ...]]:
    """Sets of columns whose values stand in one row at most, each in order; an index over some of the rows does not count."""
    inspector = sa.inspect(connection)
    primary = inspector.get_pk_constraint(shape.name, shape.schema).get("constrained_columns") or []
    found = [primary, *(held["column_names"] for held in inspector.get_unique_constraints(shape.name, shape.schema))]
    for index in inspector.get_indexes(shape.name, shape.schema):
        partial = any(name.endswith("_where") and value is not None for name, value in index.get("dialect_options", {}).items())
        if index.get("unique") and not partial:
            found.append([name for name in index["column_names"] if name])
    return frozenset(tuple(sorted(str(name) for name in columns)) for columns in found if columns)
