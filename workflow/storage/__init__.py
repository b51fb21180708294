"""What is kept on disk and how: encrypted, by content, whole after a power cut, and backed up."""
