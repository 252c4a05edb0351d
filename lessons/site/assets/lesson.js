"use strict";
// A lesson, one step at a time. The address says which step is shown: lesson.html#step-3.
const QUICKLY = 700; // ms within which two digits are one number
const LEAST_HIGH = 150; // px of the picture in a player
const MOST_HIGH = 420;

class LessonPage {
  constructor() {
    this.id = document.body.dataset.lesson;
    this.steps = [...document.querySelectorAll(".step")];
    this.links = [...document.querySelectorAll(".rail a")];
    this.place = store.place(this.id);
    this.current = 0;
    this.typed = "";
    for (const step of this.steps) this.prepare(step);
    for (const hints of document.querySelectorAll(".hints")) oneByOne(hints);
    addEventListener("hashchange", () => {
      const number = this.inAddress() || 1;
      if (number !== this.current) this.show(number);
    });
    document.addEventListener("keydown", (event) => this.digit(event));
    const start = this.inAddress() || Math.min(this.place.step, this.steps.length) || 1;
    this.show(start, { focus: start > 1 });
  }

  inAddress() {
    const number = Number(/^#step-(\d+)$/.exec(location.hash)?.[1]);
    return number >= 1 && number <= this.steps.length ? number : 0;
  }

  // -- questions ------------------------------------------------------------------------------

  prepare(step) {
    if (!("asks" in step.dataset)) return;
    const number = this.steps.indexOf(step) + 1;
    const answer = this.place.answers[number];
    step.classList.add("pending");
    if (typeof answer === "string") this.answer(step, answer, { again: true });
    else if (this.place.shown.includes(number)) this.reveal(step);
    step.querySelector(".ask").addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer(step, step.querySelector(".ask input").value);
    });
    for (const option of step.querySelectorAll("[data-answer]")) {
      option.addEventListener("click", () => this.answer(step, option.dataset.answer));
    }
  }

  // Judge an answer, and show what the question hid; `again` when it was given on an earlier visit.
  answer(step, given, { again = false } = {}) {
    const asked = JSON.parse(step.querySelector(".asked")?.textContent ?? "null");
    const verdict = step.querySelector(".verdict");
    if (!asked) return;
    let judged;
    try {
      judged = judges[asked.kind](asked, given);
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      if (!again) say(verdict, "unclear", [error.message]);
      step.querySelector(".ask input")?.setAttribute("aria-invalid", "true");
      return;
    }
    const meaning = judged.meaning >= 0 ? step.querySelectorAll(".meaning")[judged.meaning] : null;
    say(verdict, judged.right ? "right" : "wrong", [
      `You said ${given.trim()}.`,
      judged.right ? "Right." : `Not quite: it is ${step.querySelector(".asked").dataset.truth}.`,
      meaning?.content ?? judged.note, step.querySelector(".because").content,
    ]);
    this.place.answers[this.steps.indexOf(step) + 1] = given;
    this.reveal(step);
    if (!again) verdict.focus();
  }

  // Show what a question hid without an answer.
  giveUp(step) {
    const asked = step.querySelector(".asked");
    this.reveal(step);
    if (asked) {
      const verdict = step.querySelector(".verdict");
      say(verdict, "told", ["", `Answer: ${asked.dataset.truth}.`, step.querySelector(".because").content]);
      verdict.focus();
    } else step.querySelector(".output").focus({ preventScroll: true });
  }

  reveal(step) {
    const number = this.steps.indexOf(step) + 1;
    step.classList.remove("pending");
    if (!this.place.shown.includes(number)) this.place.shown.push(number);
    if (number !== this.current) return;
    store.keep(this.id, this.place);
    this.arrange();
  }

  // -- where one is ---------------------------------------------------------------------------

  get step() { return this.steps[this.current - 1]; }
  get isPending() { return this.step.classList.contains("pending"); }

  go(number) {
    if (number < 1 || number > this.steps.length) return;
    location.hash = `step-${number}`;
    this.show(number);
  }

  show(number, { focus = true } = {}) {
    this.current = number;
    this.place.step = number;
    this.place.seen = Math.max(this.place.seen, number);
    store.keep(this.id, this.place);
    this.arrange();
    if (!focus) return;
    this.step.querySelector("h2").focus({ preventScroll: true });
    const whole = document.documentElement.classList.contains("whole");
    const top = whole ? this.step : document.querySelector(number > 1 ? ".rail" : "body");
    top.scrollIntoView({ block: "start" });
  }

  // Bring the page in line with the step that is shown.
  arrange() {
    this.steps.forEach((step, i) => step.classList.toggle("shown", i + 1 === this.current));
    this.links.forEach((link, i) => {
      const seen = i < this.place.seen;
      link.classList.toggle("seen", seen);
      link.setAttribute("aria-label", `step ${i + 1}${seen ? ", seen" : ""}`);
      if (i + 1 === this.current) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    const isLast = this.current === this.steps.length;
    document.querySelector(".end").classList.toggle("shown", isLast && !this.isPending);
    document.querySelector("nav.steps .place").textContent = `${this.current} of ${this.steps.length}`;
    document.querySelector("nav.steps [data-do=back]").disabled = this.current === 1;
    const next = document.querySelector("nav.steps [data-do=next]");
    next.textContent = this.isPending ? "Show me" : isLast ? "Next lesson" : "Next";
    next.hidden = isLast && !this.isPending && !document.querySelector("[data-following]");
    this.startPlayers();
  }

  // A player measures its picture, so it starts when the picture can be seen.
  startPlayers() {
    for (const root of document.querySelectorAll(".player")) {
      if (root.player || !root.offsetParent) continue;
      const picture = root.querySelector(".picture");
      const [, , width, height] = picture.querySelector("svg").getAttribute("viewBox").split(" ");
      const scale = Math.max(0.75, Math.min(1, picture.clientWidth / width));
      picture.style.height = `${Math.min(MOST_HIGH, Math.max(LEAST_HIGH, height * scale + 16))}px`;
      root.player = new Player(root, { wheelZooms: false });
    }
  }

  // -- what the reader does -------------------------------------------------------------------

  next() {
    if (this.isPending) this.giveUp(this.step);
    else if (this.current < this.steps.length) this.go(this.current + 1);
    else document.querySelector("[data-following]")?.click();
  }

  digit(event) {
    if (isElsewhere(event) || !/^\d$/.test(event.key)) return;
    clearTimeout(this.waiting);
    this.typed += event.key;
    const jump = () => { this.go(Number(this.typed)); this.typed = ""; };
    if (Number(this.typed) * 10 > this.steps.length) jump();
    else this.waiting = setTimeout(jump, QUICKLY);
  }

  whole() {
    document.documentElement.classList.toggle("whole");
    this.startPlayers();
    this.step.scrollIntoView({ block: "start" });
  }

  again() {
    store.forget(this.id);
    history.replaceState(null, "", location.pathname);
    location.reload();
  }

  actions() {
    return {
      ...everywhere,
      next: () => this.next(),
      back: () => this.go(this.current - 1),
      reveal: (button) => this.giveUp(button.closest(".step")),
      whole: () => this.whole(),
      again: () => this.again(),
      list: () => location.assign("index.html"),
      search: () => location.assign("index.html#words"),
      copy,
    };
  }
}

// What is said to an answer: what was given, the verdict in bold, and what follows from it.
function say(verdict, kind, [first, judged, ...rest]) {
  verdict.replaceChildren();
  verdict.className = `verdict ${kind}`;
  const add = (tag, content, parent = verdict) => {
    const element = document.createElement(tag);
    element.append(typeof content === "string" ? content : content.cloneNode(true));
    parent.append(element);
    return element;
  };
  if (first) add("p", first, verdict).className = "said";
  if (judged) add("strong", judged, add("p", ""));
  for (const content of rest) if (content) add("p", content);
}

// Each hint appears when the one before it has been opened.
function oneByOne(hints) {
  const all = [...hints.querySelectorAll(".hint")];
  all.forEach((hint, i) => {
    hint.hidden = i > 0;
    hint.addEventListener("toggle", () => {
      if (hint.open && all[i + 1]) all[i + 1].hidden = false;
    });
  });
}

async function copy(button) {
  const text = button.parentElement.querySelector("pre");
  getSelection().selectAllChildren(text);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

const page = new LessonPage();
listen(page.actions(), {
  n: "next", ArrowRight: "next", b: "back", ArrowLeft: "back", a: "whole", l: "list", "/": "search",
});
