"""Floor against product, in one process, alternately; ratios are judged, seconds are not."""
