// Choosing a file: dropping it works too, and one that is too large is told so before it travels.
const form = document.querySelector("[data-upload]");
const place = form.querySelector("[data-drop]");
const file = form.querySelector("[type=file]");
const wrong = form.querySelector("[data-wrong]");

const look = () => {
  const size = file.files[0]?.size ?? 0;
  const tooLarge = size > Number(form.dataset.limit);
  wrong.hidden = !tooLarge;
  wrong.textContent = tooLarge ? `The file has ${Math.round(size / 1048576)} MB; the limit is 50 MB. Split the list, or leave out columns.` : "";
  return !tooLarge;
};

file.addEventListener("change", look);
form.addEventListener("submit", (event) => look() || event.preventDefault());
for (const type of ["dragover", "dragleave", "drop"]) {
  place.addEventListener(type, (event) => {
    event.preventDefault();
    place.classList.toggle("over", type === "dragover");
    if (type === "drop" && event.dataTransfer.files.length) {
      file.files = event.dataTransfer.files;
      look();
    }
  });
}
