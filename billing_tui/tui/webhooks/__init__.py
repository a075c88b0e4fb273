"""The Webhooks screen: the endpoints, and the log of events with what is known of their delivery."""
