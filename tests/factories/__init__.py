"""The smallest valid rows. A test states everything else it relies on."""
