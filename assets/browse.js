// In the column beside the cards, a choice counts at once; in the sheet of a telephone, when it is said to be complete.
(() => {
  "use strict";

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-narrow]");
    if (form && event.target.type === "checkbox" && matchMedia("(width >= 64rem)").matches) form.requestSubmit();
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
