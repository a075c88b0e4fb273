"""Services, each against something real on this machine."""
