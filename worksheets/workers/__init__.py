"""Run work in processes of this machine, or by a cluster's workers."""
