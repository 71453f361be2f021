"""The databases an archive can be kept in, each behind `db.database.Database`."""
