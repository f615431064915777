"""Which passages a complaint needs: labelled rows, what is trained on them, and the suite."""
