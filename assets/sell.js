// The page to sell on, with JavaScript: photos go as soon as they are chosen, their order is dragged, sizes follow the
// category, and what is written is kept. Without it, every button of the form does the same, a page at a time.
(() => {
  "use strict";

  const form = document.querySelector("[data-sell]");
  if (!form) return;
  const says = (what) => form.dataset[`says${what}`];
  const note = form.querySelector("[data-kept-note]");
  document.documentElement.classList.add("can-send", "can-drag");

  // Sizes are those of the category.
  const category = form.querySelector("[data-category]");
  const size = form.querySelector("[data-size]");
  const sizeField = form.querySelector("[data-size-field]");
  const systems = [...size.querySelectorAll("optgroup")];
  function offerSizes() {
    const chosen = category.selectedOptions[0];
    const wanted = chosen?.value ? chosen.dataset.sizes : null;
    const kept = size.value;
    for (const system of systems) system.remove();
    const offered = systems.filter((system) => wanted === null || system.dataset.system === wanted);
    size.append(...offered);
    size.value = kept;
    if (size.selectedIndex < 0) size.value = "";
    sizeField.hidden = offered.length === 0;
  }
  category.addEventListener("change", offerSizes);
  offerSizes();

  // Categories are many: a department first leaves those of it.
  const department = form.querySelector("[data-department]");
  const groups = [...category.querySelectorAll("optgroup")];
  function offerCategories() {
    const kept = category.value;
    for (const group of groups) group.remove();
    category.append(...groups.filter((group) => !department.value || group.dataset.of === department.value));
    category.value = kept;
    if (category.selectedIndex < 0) category.value = "";
    if (category.value !== kept) offerSizes();
  }
  department.addEventListener("change", offerCategories);
  department.value = category.selectedOptions[0]?.parentElement.dataset?.of ?? "";
  department.closest("[data-department-field]").hidden = false;
  offerCategories();

  // What is written is kept two seconds after the last key; a published item only when its seller says so.
  const keeps = "kept" in form.dataset;
  let waiting = null;
  let keeping = null;
  let isLeaving = false;
  function soon() {
    if (!keeps || isLeaving) return;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 2000);
  }
  async function keep() {
    clearTimeout(waiting);
    waiting = null;
    if (keeping) await keeping;
    if (isLeaving) return;
    keeping = send();
    await keeping;
    keeping = null;
  }
  async function send() {
    const data = new FormData(form);
    data.delete("photos");
    data.set("do", "keep");
    try {
      const answer = await fetch(form.dataset.sell, { method: "POST", body: data, redirect: "manual" });
      if (answer.status === 204) {
        form.elements.version.value = answer.headers.get("x-version");
        note.textContent = says("Kept");
      } else if (answer.status === 409) note.textContent = says("Changed");
      else if (answer.status === 422) note.textContent = says("Refused");
      else note.textContent = says("Unkept");
    } catch {
      note.textContent = says("Unkept");
    }
  }
  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") soon();
    mended(event.target);
  });
  // What was wrong with a field is not said any longer once somebody mends it.
  function mended(input) {
    const whole = input.closest("[aria-invalid]");
    if (!whole) return;
    whole.removeAttribute("aria-invalid");
    document.getElementById(`${whole.id}-error`)?.remove();
    unsay(whole.id);
  }
  function unsay(id) {
    document.querySelector(`[data-mistakes] a[href="#${id}"]`)?.closest("li")?.remove();
    const mistakes = document.querySelector("[data-mistakes]");
    if (mistakes && !mistakes.querySelector("li")) mistakes.remove();
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting !== null) keep();
  });

  // A button that sends the form waits until what is under way has arrived: the version it sends is then the newest.
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.closest("[data-photos]")) {
      event.preventDefault();
      await change(button.value);
      return;
    }
    clearTimeout(waiting);
    waiting = null;
    if (!keeping && uploading === 0) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    await Promise.all([keeping, turn]);
    isLeaving = true;
    form.requestSubmit(button);
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
  });

  // Photos. One after the other, so that they stand in the order in which they were chosen.
  let turn = Promise.resolve();
  let uploading = 0;
  const photos = () => form.querySelector("[data-photos]");

  form.addEventListener("change", (event) => {
    if (event.target.name !== "photos") return;
    const files = [...event.target.files];
    event.target.value = "";
    for (const file of files) {
      const line = progressOf(file.name);
      uploading += 1;
      turn = turn.then(() => upload(file, line)).then(() => {
        uploading -= 1;
      });
    }
  });

  function progressOf(name) {
    const line = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    label.textContent = `${says("Sending")}: ${name}`;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", label.textContent);
    line.append(label, bar);
    photos().querySelector("[data-progress]").append(line);
    return line;
  }

  async function upload(file, line) {
    let answer;
    do {
      line.firstChild.textContent = `${says("Sending")}: ${file.name}`;
      answer = await post({ do: "photos", photos: file }, (event) => {
        if (!event.lengthComputable) return;
        line.lastChild.value = event.loaded / event.total;
        if (event.loaded === event.total) line.firstChild.textContent = `${says("Preparing")}: ${file.name}`;
      });
    } while (await isWorthAnotherTry(answer, file, line));
    line.remove();
    if (!show(answer.page)) failed(line, file.name);
  }

  // Who sends more photos than a minute has room for waits for as long as the answer says, and is told so meanwhile.
  async function isWorthAnotherTry(answer, file, line) {
    if (answer.status !== 429 || !(answer.seconds <= 60)) return false;
    line.lastChild.removeAttribute("value");
    line.firstChild.textContent = `${says("Waiting")}: ${file.name}`;
    await new Promise((resolve) => setTimeout(resolve, answer.seconds * 1000));
    return true;
  }

  // The page that is answered, parsed by the browser itself, null where there is none; its status, and in how many
  // seconds another try makes sense.
  function post(fields, progress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) data.append(name, each);
      request.open("POST", `${form.dataset.sell}/photos`);
      request.responseType = "document";
      if (progress) request.upload.addEventListener("progress", progress);
      request.addEventListener("loadend", () => {
        const seconds = Number.parseInt(request.getResponseHeader("Retry-After"), 10);
        resolve({ page: request.response, status: request.status, seconds });
      });
      request.send(data);
    });
  }

  function failed(line, name) {
    line.className = "is-refused";
    line.textContent = `${says("Unsent")}: ${name}`;
    photos().querySelector("[data-progress]").append(line);
  }

  // What the server answers takes the place of the photos; words that were typed meanwhile and lines of progress stay.
  function show(answer) {
    const fresh = answer?.querySelector("[data-photos]");
    if (!fresh) return false;
    const old = photos();
    for (const input of fresh.querySelectorAll(".photo-alt input")) {
      const typed = form.elements[input.name];
      if (typed) input.value = typed.value;
    }
    fresh.querySelector("[data-progress]").append(...old.querySelectorAll("[data-progress] > li"));
    old.replaceWith(document.adoptNode(fresh));
    if (photos().querySelector("[data-photo]")) unsay("pictures");
    return true;
  }

  function change(act) {
    turn = turn.then(() => ask({ do: act }, act.startsWith("remove:") ? null : act));
    return turn;
  }

  async function ask(fields, focused) {
    if (!show((await post(fields)).page)) note.textContent = says("Unkept");
    if (focused === undefined) return;
    const button = focused && photos().querySelector(`button[value="${focused}"]`);
    const other = focused && photos().querySelector(`button[value$="${focused.split(":")[1]}"]:not(:disabled)`);
    (button && !button.disabled ? button : (other ?? photos())).focus();
    if (focused) note.textContent = says("Moved");
  }

  // Dragging by pointer; the buttons do the same for everybody else.
  let dragged = null;
  form.addEventListener("pointerdown", (event) => {
    const frame = event.target.closest?.(".photo-frame");
    if (!frame || event.button !== 0) return;
    dragged = { item: frame.closest("[data-photo]"), x: event.clientX, y: event.clientY, over: null, moves: false };
    frame.setPointerCapture(event.pointerId);
  });
  form.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    if (!dragged.moves && Math.hypot(event.clientX - dragged.x, event.clientY - dragged.y) < 8) return;
    dragged.moves = true;
    dragged.item.classList.add("is-dragged");
    const over = document.elementsFromPoint(event.clientX, event.clientY).find((each) => each.matches("[data-photo], [data-photo] *"))?.closest("[data-photo]");
    dragged.over?.classList.remove("is-target");
    dragged.over = over && over !== dragged.item ? over : null;
    dragged.over?.classList.add("is-target");
  });
  for (const end of ["pointerup", "pointercancel"])
    form.addEventListener(end, (event) => {
      if (!dragged) return;
      const { item, over } = dragged;
      dragged = null;
      item.classList.remove("is-dragged");
      over?.classList.remove("is-target");
      if (!over || event.type === "pointercancel") return;
      const list = [...item.parentElement.children];
      if (list.indexOf(item) < list.indexOf(over)) over.after(item);
      else over.before(item);
      const order = [...item.parentElement.children].map((each) => each.dataset.photo);
      turn = turn.then(() => ask({ order, do: "photos" }));
    });
})();
