"""Electronic invoices (数电票) as XML, OFD or PDF: what they say of themselves, read in a bounded process."""
