"""licenses.xlsx: a review as a workbook for a spreadsheet, a sheet a question."""
