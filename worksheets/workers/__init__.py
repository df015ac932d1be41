"""Where work is done: in processes of this machine, or by a cluster's workers."""
