"use strict";
// What is kept in this browser: the theme, and the place in each lesson, each under a key of its
// own, so that two open pages do not overwrite each other's.
const course = document.body.dataset.course;

const isObject = (value) => value !== null && typeof value === "object";

const store = {
  read(name) {
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      return isObject(kept) ? kept : {};
    } catch { return {}; }
  },
  write(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* see start.js */ }
  },
  // The step shown last, the farthest one seen, what was answered by step, and which were shown.
  place(lesson) {
    const kept = this.read(`autodiff/${course}/${lesson}`);
    const whole = (n) => (Number.isInteger(n) && n > 0 ? n : 0);
    return {
      step: whole(kept.step), seen: whole(kept.seen),
      answers: isObject(kept.answers) ? kept.answers : {},
      shown: Array.isArray(kept.shown) ? kept.shown : [],
    };
  },
  keep(lesson, place) {
    this.write(`autodiff/${course}/${lesson}`, place);
    this.write(`autodiff/${course}`, { last: lesson });
  },
  last() { return this.read(`autodiff/${course}`).last; },
  forget(lesson) {
    try { localStorage.removeItem(`autodiff/${course}/${lesson}`); } catch { /* see start.js */ }
  },
};

// -- what all pages can do --------------------------------------------------------------------

const everywhere = {
  theme() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    try { localStorage.setItem("autodiff-theme", root.dataset.theme); } catch { /* see start.js */ }
  },
  help() { document.querySelector("dialog.help").showModal(); },
};

function listen(actions, keys) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && !button.closest(".player")) actions[button.dataset.do]?.(button);
  });
  document.addEventListener("keydown", (event) => {
    if (isElsewhere(event)) return;
    const action = actions[{ t: "theme", "?": "help", ...keys }[event.key]];
    if (!action) return;
    event.preventDefault();
    action(event.target);
  });
}

// Whether a key belongs to what it was pressed in: a field, a player, an open dialog.
function isElsewhere(event) {
  const target = event.target;
  return event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")
    || target.matches?.("input, textarea, select")
    || (target.closest?.(".player") && !["?", "t"].includes(event.key));
}
