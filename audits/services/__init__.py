"""What an audit writes that moves no state, and whom it tells."""
