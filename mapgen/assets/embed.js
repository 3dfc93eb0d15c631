// Beside embedded maps: gives each frame the height that its own map tells, and no other one's.
addEventListener("message", function (event) {
  var height = event.data && Number(event.data.mapgen);
  if (!(height > 199 && height < 2001)) return;
  document.querySelectorAll("iframe[data-mapgen]").forEach(function (frame) {
    if (frame.contentWindow === event.source) frame.height = height;
  });
});
