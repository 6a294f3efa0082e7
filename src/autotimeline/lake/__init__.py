"""Lakes: Parquet files with the tables of an index, for stores and feeds that one file of SQLite cannot hold."""
