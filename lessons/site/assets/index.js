"use strict";
// The list of lessons: how far one is in each, and the search through all of them.
const MOST = 40; // results shown
const AROUND = 70; // characters of a step's text shown before and after a word that was found

function showProgress() {
  for (const entry of document.querySelectorAll("[data-lesson]")) {
    const total = Number(entry.dataset.steps);
    const seen = Math.min(store.place(entry.dataset.lesson).seen, total);
    entry.querySelector("progress").value = seen;
    entry.classList.toggle("begun", seen > 0);
    entry.classList.toggle("done", seen === total);
    const minutes = entry.querySelector(".minutes");
    minutes.dataset.minutes ??= minutes.textContent;
    minutes.textContent = seen === 0 ? minutes.dataset.minutes : seen === total ? "done" : `${seen} of ${total} steps`;
  }
  const last = document.querySelector(`[data-lesson="${CSS.escape(store.last() ?? "")}"]`);
  if (!last) return;
  const button = document.querySelector("[data-continue]");
  button.href = last.querySelector("a").getAttribute("href");
  button.textContent = `Go on with “${last.querySelector(".title").textContent}”`;
}

// -- search -----------------------------------------------------------------------------------

const texts = JSON.parse(document.getElementById("texts").textContent);
const field = document.getElementById("words");
const results = document.querySelector(".results");

// The steps that have all of the words, those first that have them most often.
function find(words) {
  const found = [];
  for (const entry of texts) {
    const title = document.querySelector(`[data-lesson="${CSS.escape(entry.lesson)}"] .title`).textContent;
    const text = entry.text.toLowerCase();
    const within = `${title.toLowerCase()} ${text}`;
    if (!words.every((word) => within.includes(word))) continue;
    const count = words.reduce((sum, word) => sum + within.split(word).length - 1, 0);
    found.push({ ...entry, title, count });
  }
  return found.sort((a, b) => b.count - a.count);
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? find(words) : [];
  const told = found.length === 1 ? "1 step" : `${found.length} steps`;
  document.querySelector(".found").textContent = words.length ? `${told} found` : "";
  document.body.classList.toggle("searching", words.length > 0);
  results.replaceChildren(...found.slice(0, MOST).map((entry) => result(entry, words)));
}

function result(entry, words) {
  const link = document.createElement("a");
  link.href = `${entry.lesson}.html#step-${entry.step}`;
  const heading = document.createElement("strong");
  heading.textContent = `${entry.title}, step ${entry.step}`;
  const text = document.createElement("span");
  text.append(...marked(excerpt(entry.text, words), words));
  link.append(heading, text);
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function excerpt(text, words) {
  const at = Math.max(0, text.toLowerCase().indexOf(words[0]));
  const start = Math.max(0, at - AROUND);
  const end = at + words[0].length + AROUND;
  return (start > 0 ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : "");
}

function marked(text, words) {
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.split(new RegExp(`(${pattern})`, "i")).map((part, i) => {
    if (i % 2 === 0) return part;
    const mark = document.createElement("mark");
    mark.textContent = part;
    return mark;
  });
}

field.addEventListener("input", search);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter") results.querySelector("a")?.click();
  if (event.key === "Escape") { field.value = ""; search(); field.blur(); }
});
listen({
  ...everywhere,
  search: () => field.focus(),
  forget() {
    for (const entry of document.querySelectorAll("[data-lesson]")) store.forget(entry.dataset.lesson);
    store.write(`autodiff/${course}`, {});
    location.reload();
  },
}, { "/": "search" });
// The page may come back from the browser's memory, with the progress of another day.
addEventListener("pageshow", showProgress);
showProgress();
if (location.hash === "#words") field.focus();
