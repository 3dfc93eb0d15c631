"""Write a whole report of a project: the same claims, numbers and sources as on its maps, in a document."""
