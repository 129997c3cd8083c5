"use strict";
(() => {
  const form = document.getElementById("filters");
  const state = document.getElementById("state");
  const every = (selector, within = document) => [...within.querySelectorAll(selector)];
  const differs = (element, key, wanted) =>
    wanted !== "" && element.dataset[key] !== undefined && element.dataset[key] !== wanted;

  function table(box, source, month) {
    let shown = 0;
    for (const row of every("tbody tr", box)) {
      row.hidden = differs(row, "source", source) || differs(row, "month", month);
      shown += row.hidden ? 0 : 1;
    }
    box.nextElementSibling.hidden = shown > 0;
    return shown;
  }

  function chart(figure, source, month) {
    const marks = every(".mark", figure);
    const oneAtATime = figure.dataset.oneAtATime !== undefined;
    // A source too small to be drawn leaves the picture of all sources; the table has it.
    const drawn = marks.some((mark) => mark.dataset.source === source) ? source : "";
    for (const mark of marks) {
      const own = mark.dataset.source;
      mark.classList.toggle("off", oneAtATime && (drawn === "" ? own !== undefined : own !== drawn));
      mark.classList.toggle(
        "dim",
        (!oneAtATime && differs(mark, "source", source)) || differs(mark, "month", month)
      );
    }
  }

  function apply() {
    const source = form.elements.source.value;
    const month = form.elements.month.value;
    let rows = 0;
    for (const box of every(".wide")) rows += table(box, source, month);
    for (const figure of every("figure")) chart(figure, source, month);
    const name = (select) => select.selectedOptions[0].textContent.trim();
    state.textContent =
      source + month === "" ? "" : `Shown: ${name(form.elements.source)}, ${name(form.elements.month)}; ${rows} table rows. The figures above are of all sources.`;
  }

  form.parentElement.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = every("details:not([open])");
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
  // Whoever makes a picture of the page reads here how tall it is.
  addEventListener("load", () => {
    document.documentElement.dataset.height = String(document.documentElement.scrollHeight);
  });
})();
