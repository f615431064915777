"""One file per format in which brands keep their knowledge; each imports its parser when asked."""
