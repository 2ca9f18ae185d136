// In the column beside the cards, a choice counts at once; in the sheet of a telephone, when it is said to be complete.
(() => {
  "use strict";

  const wide = matchMedia("(width >= 64rem)");

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-narrow]");
    if (form && event.target.type === "checkbox" && wide.matches) form.requestSubmit();
  });

  // A tablet that is turned makes the column of an open sheet, and it stands above the page no longer.
  wide.addEventListener("change", () => {
    if (wide.matches) document.querySelector("#filters:popover-open")?.hidePopover();
  });

  // A facet stays as it was opened or closed while the page around it is drawn anew.
  const opened = new Map();
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("[data-facet]")) opened.set(event.target.id, event.target.open);
    },
    true,
  );
  document.addEventListener("htmx:after:swap", () => {
    for (const facet of document.querySelectorAll("[data-facet]"))
      if (opened.has(facet.id)) facet.open = opened.get(facet.id);
  });

  // A menu that is open closes when one goes on elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
