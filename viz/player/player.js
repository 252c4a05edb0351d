"use strict";
// Steps through a recorded backward pass: shows and hides the parts of the picture, and tells in
// words what happens. Everything it shows is in the page already.
// Pixels per point: what cannot be shown whole at the one opens at the other.
const SMALLEST = 0.6;
const READABLE = 0.75;

class Player {
  // On a page with other things the wheel scrolls the page; with the control key it zooms.
  constructor(root, { wheelZooms = true } = {}) {
    this.root = root;
    this.wheelZooms = wheelZooms;
    this.svg = root.querySelector(".picture > svg");
    this.picture = root.querySelector(".picture");
    this.steps = JSON.parse(root.querySelector("script.data").textContent).steps;
    this.count = this.steps.length;
    this.position = 0; // how many steps have happened
    this.timer = null;
    const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.whole = { x: 0, y: 0, width, height };
    this.view = { ...this.whole };
    this.svg.removeAttribute("width");
    this.svg.removeAttribute("height");
    this.svg.setAttribute("role", "group");
    this.makeBoxesReachable();
    this.listen();
    this.fit();
    this.show(0);
    this.startReadable();
  }

  find(selector) { return this.root.querySelector(selector); }
  all(selector) { return this.root.querySelectorAll(selector); }

  // -- what is shown ------------------------------------------------------------------------

  show(position) {
    this.position = Math.max(0, Math.min(this.count, position));
    const current = this.steps[this.position - 1];
    const now = current ? current.step : 0;
    for (const part of this.svg.querySelectorAll("[data-step]")) {
      const step = Number(part.dataset.step);
      part.classList.toggle("later", step > now);
      part.classList.toggle("now", step === now && step > 0);
    }
    for (const line of this.all(".program li")) {
      const step = Number(line.dataset.step);
      line.classList.toggle("later", step > now);
      line.classList.toggle("now", step === now && step > 0);
    }
    for (const button of this.all("[data-goto]")) {
      if (Number(button.dataset.goto) === now) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    this.find(".slider").value = this.position;
    this.find(".slider").setAttribute("aria-valuetext", `step ${this.position} of ${this.count}`);
    this.find(".place").textContent = `${this.position} / ${this.count}`;
    this.tell(current);
    if (current) this.bringIntoView(current.box);
    const line = this.find(".program li.now");
    if (line) this.scrollTo(line);
  }

  tell(current, note) {
    const now = this.find("section.now");
    now.replaceChildren();
    const add = (tag, text, name, parent = now) => {
      const element = document.createElement(tag);
      element.textContent = text;
      if (name) element.className = name;
      parent.append(element);
      return element;
    };
    if (note) add("p", note, "note");
    if (!current) {
      add("h2", "Before the backward pass");
      add("p", "Every value is computed. Step forward to send gradients back, from the result to the leaves.");
      return;
    }
    add("h2", `Step ${this.position} of ${this.count}: ${current.title}`);
    for (const sentence of current.sentences) add("p", sentence);
    if (current.receipts.length) {
      const list = add("dl", "");
      for (const receipt of current.receipts) {
        add("dt", `to ${receipt.to}`, "", list);
        if (receipt.symbols) add("dd", receipt.symbols, "symbols", list);
        add("dd", receipt.numbers, "numbers", list);
        if (receipt.adds) add("dd", `adds up: ${receipt.adds}`, "adds", list);
      }
    }
    if (current.source) add("p", `computed in ${current.source}`, "where");
  }

  scrollTo(line) {
    const list = line.parentElement;
    const top = line.offsetTop;
    if (top < list.scrollTop || top + line.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - list.clientHeight / 2;
    }
  }

  // -- moving through the steps ---------------------------------------------------------------

  go(position) { this.pause(); this.show(position); }

  goToStep(step) {
    const index = this.steps.findIndex((s) => s.step === step);
    if (index >= 0) this.go(index + 1);
  }

  play() {
    if (this.timer) { this.pause(); return; }
    if (this.position === this.count) this.show(0);
    const button = this.find("[data-do=play]");
    button.textContent = "⏸ pause";
    button.setAttribute("aria-label", "pause");
    button.setAttribute("aria-pressed", "true");
    this.timer = setInterval(() => {
      this.show(this.position + 1);
      if (this.position === this.count) this.pause();
    }, Number(this.root.dataset.interval || 1200));
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.find("[data-do=play]");
    button.textContent = "▶ play";
    button.setAttribute("aria-label", "play");
    button.setAttribute("aria-pressed", "false");
  }

  runUntil(condition, what) {
    this.pause();
    for (let i = this.position; i < this.count; i += 1) {
      if (condition(this.steps[i])) { this.show(i + 1); return; }
    }
    this.tell(this.steps[this.position - 1], `From here on, no step has ${what}.`);
  }

  // -- moving the picture ---------------------------------------------------------------------

  look(view) {
    this.view = view;
    this.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  fit() { this.look({ ...this.whole }); }

  // A large picture opens where the pass begins, at a size that can be read.
  startReadable() {
    const scale = this.svg.getScreenCTM().a;
    if (scale >= SMALLEST || !this.count) return;
    this.zoom(scale / READABLE);
    this.bringIntoView(this.steps[0].box);
  }

  zoom(factor, at) {
    const width = Math.min(this.whole.width * 2, Math.max(60, this.view.width * factor));
    const scale = width / this.view.width;
    const x = at ? at.x : this.view.x + this.view.width / 2;
    const y = at ? at.y : this.view.y + this.view.height / 2;
    this.look({
      x: x - (x - this.view.x) * scale, y: y - (y - this.view.y) * scale,
      width, height: this.view.height * scale,
    });
  }

  pointIn(event) {
    return new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(this.svg.getScreenCTM().inverse());
  }

  bringIntoView(id) {
    const box = this.svg.querySelector(`[id="${id}"]`);
    const place = box && box.getBBox();
    const view = this.view;
    if (!place || (place.x >= view.x && place.y >= view.y
        && place.x + place.width <= view.x + view.width
        && place.y + place.height <= view.y + view.height)) return;
    // In the middle, but not so that space beside the picture comes into view.
    const within = (middle, size, whole) => (
      size < whole ? Math.max(0, Math.min(middle - size / 2, whole - size)) : (whole - size) / 2
    );
    this.look({
      ...view,
      x: within(place.x + place.width / 2, view.width, this.whole.width),
      y: within(place.y + place.height / 2, view.height, this.whole.height),
    });
  }

  // -- what the reader does -------------------------------------------------------------------

  makeBoxesReachable() {
    for (const box of this.svg.querySelectorAll(".box")) {
      const title = box.querySelector("title").textContent;
      box.setAttribute("aria-label", title);
      if (!box.dataset.step) { box.setAttribute("role", "img"); continue; }
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", "0");
      const touching = (on) => this.highlight(box.id, on);
      box.addEventListener("mouseenter", () => touching(true));
      box.addEventListener("mouseleave", () => touching(false));
      box.addEventListener("focus", () => touching(true));
      box.addEventListener("blur", () => touching(false));
    }
  }

  highlight(id, on) {
    this.svg.querySelector(`[id="${id}"]`).classList.toggle("near", on);
    for (const arrow of this.svg.querySelectorAll(".arrow")) {
      if (arrow.dataset.from === id || arrow.dataset.to === id) arrow.classList.toggle("near", on);
    }
  }

  actions() {
    return {
      first: () => this.go(0), back: () => this.go(this.position - 1), play: () => this.play(),
      forward: () => this.go(this.position + 1), last: () => this.go(this.count),
      closer: () => this.zoom(0.8), farther: () => this.zoom(1.25), fit: () => this.fit(),
      nan: () => this.runUntil((s) => s.largest === null, "a gradient that is nan or infinite"),
      until: () => {
        const bound = Number(this.find(".bound").value);
        this.runUntil((s) => s.largest === null || s.largest > bound, `a gradient larger than ${bound}`);
      },
      theme: () => {
        const page = this.root.closest("[data-theme]") || document.documentElement;
        page.dataset.theme = page.dataset.theme === "dark" ? "light" : "dark";
      },
    };
  }

  listen() {
    const actions = this.actions();
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button && button.type !== "submit") actions[button.dataset.do]();
      const goto = event.target.closest("[data-goto]");
      if (goto) this.goToStep(Number(goto.dataset.goto));
    });
    this.find(".stop").addEventListener("submit", (event) => {
      event.preventDefault();
      actions.until();
    });
    this.find(".slider").addEventListener("input", (event) => this.go(Number(event.target.value)));
    this.root.addEventListener("keydown", (event) => this.key(event, actions));
    this.listenToPicture();
  }

  key(event, actions) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target.matches("input[type=number]")) return;
    if (target.closest && target.closest(".box") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.goToStep(Number(target.closest(".box").dataset.step));
      return;
    }
    if (event.key === " " && target.matches("button, summary, input")) return;
    const keys = {
      ArrowRight: "forward", ArrowLeft: "back", Home: "first", End: "last", " ": "play",
      n: "nan", N: "nan", "+": "closer", "=": "closer", "-": "farther", "0": "fit",
    };
    if (target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
    if (keys[event.key]) { event.preventDefault(); actions[keys[event.key]](); }
  }

  listenToPicture() {
    let start = null;
    this.picture.addEventListener("wheel", (event) => {
      if (!this.wheelZooms && !event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, this.pointIn(event));
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => {
      start = { at: this.pointIn(event), x: event.clientX, y: event.clientY, moved: false };
      this.svg.setPointerCapture(event.pointerId);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!start) return;
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > 4) start.moved = true;
      if (!start.moved) return;
      this.picture.classList.add("dragging");
      const at = this.pointIn(event);
      this.look({ ...this.view, x: this.view.x + start.at.x - at.x, y: this.view.y + start.at.y - at.y });
    });
    this.svg.addEventListener("pointercancel", () => {
      start = null;
      this.picture.classList.remove("dragging");
    });
    this.svg.addEventListener("pointerup", (event) => {
      this.picture.classList.remove("dragging");
      const clicked = start && !start.moved && document.elementFromPoint(event.clientX, event.clientY);
      start = null;
      const box = clicked && clicked.closest(".box[data-step]");
      if (box) this.goToStep(Number(box.dataset.step));
    });
  }
}
