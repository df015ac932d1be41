"""Make several kinds' class sets for one class, and the page that shows their ladder."""
