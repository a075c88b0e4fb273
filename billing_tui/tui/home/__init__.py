"""The first thing on the screen: an input for whatever a ticket holds, and where one might start."""
