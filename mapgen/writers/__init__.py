"""Write a project in the formats that others read: a module for each, and `export` for all of them."""
