"""What is found out by reading: catalogues, links, endpoints, metadata and tables as starters and guides lay them out."""
