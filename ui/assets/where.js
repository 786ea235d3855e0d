// "Where I am" on the page of a report. The browser is asked only when the button is pressed, and its answer becomes what
// is written in the field, where it can be seen and changed. Without this script the button is not there.
(() => {
  const block = document.querySelector("[data-here]");
  const field = block && document.querySelector(block.dataset.here);
  if (!field || !navigator.geolocation || !isSecureContext) return;
  const [button, said] = [block.querySelector("button"), block.querySelector("[role=status]")];
  const tell = (text) => { said.textContent = text; button.disabled = text === block.dataset.asking; };
  button.addEventListener("click", () => {
    tell(block.dataset.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`;
        tell(block.dataset.found);
        field.focus();
      },
      () => tell(block.dataset.failed),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 },
    );
  });
  block.hidden = false;
})();
