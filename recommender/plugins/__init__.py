"""Site generators and web frameworks, each a thin layer over public calls."""
