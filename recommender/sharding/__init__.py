"""A build in tasks that read and write files: over processes, over machines, and past the memory of one."""
