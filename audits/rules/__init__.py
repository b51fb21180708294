"""What an audit reckons with."""
