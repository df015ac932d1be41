"""Make the lesson of a kind, as data, as a leaflet to print, and as a page of the site."""
