// What the pages do better with JavaScript; each of them works without it.
(() => {
  "use strict";

  // A page that was appended is announced by its heading, and reading goes on where it begins.
  document.addEventListener("htmx:after:swap", () => {
    const begun = document.querySelector("[data-appended]:not([data-seen])");
    if (begun) {
      begun.dataset.seen = "";
      begun.focus({ preventScroll: true });
    }
  });

  // What the network or the server refuses is asked for the plain way, so that the browser shows what went wrong.
  document.addEventListener("htmx:response:error", follow);
  document.addEventListener("htmx:error", follow);
  function follow(event) {
    const { request, sourceElement } = event.detail?.ctx ?? {};
    if (typeof request?.action !== "string") return;
    if (request.method === "GET") {
      location.assign(request.action);
      return;
    }
    const form = sourceElement.form ?? sourceElement.closest("form");
    if (!form) return;
    form.action = request.action;
    form.submit();
  }

  // A picture's thumbnail moves the gallery, and leaves the page and its address where they are.
  document.addEventListener("click", (event) => {
    const thumbnail = event.target.closest?.("[data-thumbnail]");
    if (!thumbnail || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const picture = document.getElementById(thumbnail.hash.slice(1));
    if (!picture) return;
    event.preventDefault();
    picture.parentElement.scrollTo({ left: picture.offsetLeft - picture.parentElement.offsetLeft });
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-mistakes]")?.focus();
    const gallery = document.querySelector("[data-gallery]");
    if (!gallery) return;
    const thumbnails = [...document.querySelectorAll("[data-thumbnail]")];
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries.filter((each) => each.isIntersecting))
          for (const thumbnail of thumbnails)
            if (thumbnail.hash.slice(1) === entry.target.id) thumbnail.setAttribute("aria-current", "true");
            else thumbnail.removeAttribute("aria-current");
      },
      { root: gallery, threshold: 0.6 },
    );
    for (const picture of gallery.children) seen.observe(picture);
  });
})();
