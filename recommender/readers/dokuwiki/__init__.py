"""Pages of DokuWiki, and their markup."""
