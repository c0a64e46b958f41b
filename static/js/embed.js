// For other systems: shows a step's support wherever <div data-sightline-step="…"> stands. See docs/embedding.md.
{
  const home = new URL(document.currentScript.src).origin;
  const show = (place) => {
    const frame = document.createElement("iframe");
    // A signed link is for whoever has no session; without one, whoever is signed in sees it.
    const link = place.dataset.sightlineLink;
    frame.src = link?.startsWith(`${home}/`) ? link : `${home}/support/embed/${encodeURIComponent(place.dataset.sightlineStep)}/`;
    frame.title = place.dataset.title || "Support for this step";
    frame.referrerPolicy = "origin";
    frame.width = "100%";
    frame.height = place.dataset.height || "480";
    place.replaceChildren(frame);
  };
  const start = () => document.querySelectorAll("[data-sightline-step]").forEach(show);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
