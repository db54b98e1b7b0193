"""The XML that MediaWiki exports, and its markup."""
