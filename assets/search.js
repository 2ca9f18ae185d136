// Suggestions below the search field, by the combobox pattern of the ARIA practices: arrows choose, Enter follows,
// Escape closes. Without this the field is a plain form, which asks for nothing while one types.
(() => {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-search]");
    if (!form) return;
    const field = form.querySelector("input[type=search]");
    const list = form.querySelector("#suggestions");
    const told = form.querySelector("[data-suggestions-told]");
    let chosen = -1;

    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-haspopup": "listbox",
      "aria-controls": "suggestions",
    }))
      field.setAttribute(name, value);

    const options = () => [...list.querySelectorAll("[role=option]")];

    function choose(at) {
      const all = options();
      chosen = all.length ? (at + all.length + 1) % (all.length + 1) : -1;
      if (chosen === all.length) chosen = -1; // past the last one stands the field itself
      all.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
      if (chosen < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", all[chosen].id);
        all[chosen].scrollIntoView({ block: "nearest" });
      }
    }

    function show(isShown) {
      const isOpen = isShown && options().length > 0;
      list.hidden = !isOpen;
      field.setAttribute("aria-expanded", String(isOpen));
      told.textContent = isOpen ? (list.querySelector("[data-told]")?.dataset.told ?? "") : "";
      choose(-1);
    }

    document.addEventListener("htmx:after:swap", () => {
      if (document.activeElement === field) show(field.value.trim() !== "");
    });
    field.addEventListener("input", () => {
      if (field.value.trim() === "") show(false);
    });
    field.addEventListener("focus", () => {
      if (field.value.trim() !== "") show(true);
    });
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) show(false);
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus

    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) show(true);
        choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? options().length - 1 : chosen - 1);
        event.preventDefault();
      } else if (event.key === "Escape" && !list.hidden) {
        show(false);
        event.preventDefault();
      } else if (event.key === "Enter" && chosen >= 0) {
        options()[chosen].click();
        event.preventDefault();
      }
    });
  });
})();
