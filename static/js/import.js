// Choosing a file: dropping it works too, one that is too large is told so before it travels, and a long way is shown.
const within = ({ target }, what) => target.closest?.(what);

const look = (form) => {
  const size = form.querySelector("[type=file]").files[0]?.size ?? 0;
  const wrong = form.querySelector("[data-wrong]");
  const tooLarge = size > Number(form.dataset.limit);
  const remedy = form.dataset.tooLarge ?? "Split the list, or leave out columns.";
  wrong.hidden = !tooLarge;
  wrong.textContent = tooLarge ? `The file has ${Math.round(size / 1048576)} MB; the limit is ${Math.round(form.dataset.limit / 1048576)} MB. ${remedy}` : "";
  return !tooLarge;
};

document.addEventListener("change", (event) => {
  const form = event.target.matches("[type=file]") && within(event, "[data-upload]");
  if (form) look(form);
});
// Before htmx hears of it.
document.addEventListener("submit", (event) => {
  const form = within(event, "[data-upload]");
  if (!form || look(form)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const place = within(event, "[data-drop]");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("over", type === "dragover");
    if (type === "drop" && event.dataTransfer.files.length) {
      place.querySelector("[type=file]").files = event.dataTransfer.files;
      look(place.closest("[data-upload]"));
    }
  });
}
document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const sent = target.querySelector?.("[data-sent]");
  if (!sent || !detail.lengthComputable) return;
  sent.hidden = false;
  sent.max = detail.total;
  sent.value = detail.loaded;
});
