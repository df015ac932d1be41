"""The exercises, one file each; whatever file lies in this folder is a kind."""
