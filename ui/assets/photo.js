// Pictures are made smaller before they are sent, and parts of them can be covered. Every form works without it; what
// the browser cannot draw is sent as it is. Nothing is sent while a picture is worked on.
"use strict";
(() => {
  // What was typed goes along when she joins another report.
  document.querySelectorAll("[data-as-typed]").forEach((kept) => kept.form.addEventListener("submit", () => {
    kept.value = document.querySelector(`textarea[name="${kept.dataset.asTyped}"]`)?.value ?? kept.value;
  }));

  const made = (name, properties) => Object.assign(document.createElement(name), properties);
  const inputs = [...document.querySelectorAll("input[data-photo]")];
  const form = inputs[0]?.form;
  if (!form) return;

  // A form without pictures goes the way of all forms. One may have a field "action": its attributes are asked for.
  const [address, kind] = [form.getAttribute("action"), form.getAttribute("enctype")];
  const route = () => {
    const carries = inputs.some((input) => input.files.length);
    form.setAttribute("action", carries ? address : form.dataset.plain ?? address);
    form.setAttribute("enctype", carries ? kind : "application/x-www-form-urlencoded");
  };

  let busy = 0;
  const waits = (more) => {
    busy += more;
    form.querySelectorAll("button").forEach((button) => { button.disabled = busy > 0; });
  };

  // A covered part is a few blocks of one colour: nothing beneath can be made out again.
  const cover = (context, x, y, width, height) => {
    const small = made("canvas", { width: 4, height: 3 });
    small.getContext("2d").drawImage(context.canvas, x, y, width, height, 0, 0, 4, 3);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, 4, 3, x, y, width, height);
  };

  const show = (input, pictures, words) => {
    const box = made("div", { className: "stack" });
    const write = async () => {
      const files = new DataTransfer();
      for (const picture of pictures) {
        const whole = picture.canvas && await new Promise((done) => picture.canvas.toBlob(done, "image/jpeg", 0.85));
        files.items.add(whole ? new File([whole], "photo.jpg", { type: "image/jpeg" }) : picture.file);
      }
      input.files = files.files;
    };
    // In turn: what was covered last is sent.
    let turn = Promise.resolve();
    const keep = () => {
      waits(1);
      turn = turn.then(write).finally(() => waits(-1));
      return turn;
    };
    pictures.filter((picture) => picture.canvas).forEach(({ canvas, bitmap }) => {
      const context = canvas.getContext("2d");
      const parts = [];
      const draw = () => {
        context.imageSmoothingEnabled = true;
        context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        parts.forEach((part) => cover(context, ...part));
      };
      const at = (event) => {
        const scale = canvas.width / canvas.clientWidth;
        return [event.offsetX * scale, event.offsetY * scale];
      };
      let from;
      canvas.addEventListener("pointerdown", (event) => { from = at(event); });
      canvas.addEventListener("pointercancel", () => { from = null; });
      canvas.addEventListener("pointerup", (event) => {
        if (!from) return;
        const to = at(event);
        const side = Math.max(canvas.width, canvas.height) / 9;
        const [width, height] = [Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
        parts.push(Math.min(width, height) < side / 6
          ? [to[0] - side / 2, to[1] - side / 2, side, side]
          : [Math.min(from[0], to[0]), Math.min(from[1], to[1]), width, height]);
        from = null;
        draw();
        keep();
      });
      const undo = made("button", { type: "button", className: "quiet", textContent: words.undo });
      undo.addEventListener("click", () => { parts.pop(); draw(); keep(); });
      Object.assign(canvas.style, { maxWidth: "100%", touchAction: "manipulation" });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", words.cover);
      draw();
      box.append(made("p", { className: "hint", textContent: words.cover }), canvas, undo);
    });
    input.after(box);
    return [box, keep()];
  };

  inputs.forEach((input) => {
    let shown;
    input.addEventListener("change", async () => {
      shown?.remove();
      shown = null;
      waits(1);
      try {
        const most = Number(input.dataset.photo);
        const pictures = await Promise.all([...input.files].map(async (file) => {
          const bitmap = await createImageBitmap(file).catch(() => null);
          if (!bitmap) return { file };
          const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
          const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
          return { file, bitmap, canvas: made("canvas", { width, height }) };
        }));
        let kept;
        [shown, kept] = show(input, pictures, input.dataset);
        await kept;
      } finally {
        waits(-1);
        route();
      }
    });
  });
  addEventListener("pageshow", route);
  route();
})();
