"""Several kinds for one class: a ladder of class sets, and the page that shows it."""
