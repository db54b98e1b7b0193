"""Updates: articles that are added, edited and deleted, and the repair of all lists that they change."""
