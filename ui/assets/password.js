// A password can be looked at while it is typed, and a new one shows how hard it is to guess. Every page works without
// it, and what is typed stays in the field.
"use strict";
(() => {
  const made = (name, properties) => Object.assign(document.createElement(name), properties);

  // Bits, if every letter were drawn from those that stand in it: more than what is true, so it never scolds in vain.
  const bits = (text) => [...text].length * Math.log2(new Set(text).size || 1);

  document.querySelectorAll("input[data-show]").forEach((input) => {
    const line = made("div", { className: "hint" });
    if (input.dataset.strength) {
      const meter = made("meter", { min: 0, max: 80, low: 45, high: 60, optimum: 80, value: 0 });
      meter.setAttribute("aria-label", input.dataset.strength);
      input.addEventListener("input", () => { meter.value = bits(input.value); });
      line.append(meter);
    }
    const box = made("input", { type: "checkbox" });
    box.addEventListener("change", () => { input.type = box.checked ? "text" : "password"; });
    // It is sent as a password, so that no browser keeps it among texts that were typed before.
    input.form.addEventListener("submit", () => { input.type = "password"; });
    const label = made("label", { className: "choice" });
    label.append(box, made("span", { textContent: input.dataset.show }));
    line.append(label);
    input.after(line);
  });
})();
