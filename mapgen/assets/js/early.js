// Runs before the page is drawn: with a script, the list folds its entries and the map has its place. main.js takes it back if it fails.
document.documentElement.classList.add("js");
