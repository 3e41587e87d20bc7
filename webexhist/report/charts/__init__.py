"""The geometry of charts: days and values in, SVG path data and labels out."""
