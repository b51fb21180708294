"""The questions one may ask of academies and of how they are judged; the same for page and API."""
