"""The room that speaks SQL. What all its folders use lies here: tables, views, statements, the way to a database."""
