"""The `kafka` transport: topics, the consuming side, and the relay that ships a service's log."""
