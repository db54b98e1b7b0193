"""What a built site looks like on disk: plain arrays and a manifest."""
