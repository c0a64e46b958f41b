// Loaded before the first paint, so that a chosen theme never flashes. The rest waits in sightline.js.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to us; then the page follows the device.
}
