"""The room that speaks SQL: schema, views, opening a database, saving snapshots and giving them back."""
