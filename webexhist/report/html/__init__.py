"""HTML around figures: documents, the template environment, formats, links and names of pages."""
