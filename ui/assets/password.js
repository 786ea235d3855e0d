// A password can be looked at while it is typed, and a new one shows how hard it is to guess. Every page works without
// it, and what is typed stays in the field.
"use strict";
(() => {
  const made = (name, properties) => Object.assign(document.createElement(name), properties);

  // Bits, if every letter were drawn from those that stand in it: more than what is true, so it never scolds in vain.
  // A Chinese character is drawn from far more: each different one counts six bits besides.
  const bits = (text) => {
    const letters = [...text];
    const different = [...new Set(letters)];
    const chinese = different.filter((letter) => /\p{Script=Han}/u.test(letter)).length;
    return letters.length * Math.log2(different.length || 1) + 6 * chinese;
  };
  const [low, high] = [45, 60];

  document.querySelectorAll("input[data-show]").forEach((input) => {
    const line = made("div", { className: "hint" });
    if (input.dataset.strength) {
      const meter = made("meter", { min: 0, max: 80, low, high, optimum: 80, value: 0 });
      meter.setAttribute("aria-label", input.dataset.strength);
      const words = input.dataset.words.split(" ");
      const word = made("span");
      word.setAttribute("role", "status");
      input.addEventListener("input", () => {
        meter.value = bits(input.value);
        const step = [low, high].filter((limit) => meter.value >= limit).length;
        word.textContent = input.value && ` ${words[step]}`;
      });
      line.append(meter, word);
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
