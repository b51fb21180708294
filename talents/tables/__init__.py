"""The lists of rounds, nominations, results, checks, places and persons."""
