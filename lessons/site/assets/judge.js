"use strict";
// Judges an answer to a question as lessons/predict.py does. A verdict is {right, meaning, note}:
// the place of the misconception that a wrong answer gives away, or what else to say of it.

// An answer that cannot be read; nothing is wrong with it otherwise.
class Unclear extends Error {}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL = { nan: NaN, inf: Infinity, "+inf": Infinity, "-inf": -Infinity };

// A number as float() of Python reads it; undefined where it is none.
function asFloat(word) {
  const text = String(word).toLowerCase();
  return NUMBER.test(text) ? Number(text) : SPECIAL[text.replace("infinity", "inf")];
}

function asNumber(word, wanted) {
  const [top, bottom, ...rest] = word.split("/").map(asFloat);
  const number = word.includes("/") ? top / bottom : top;
  if (top === undefined || rest.length || (word.includes("/") && !bottom && !Number.isNaN(bottom))
    || number === undefined) throw new Unclear(`I cannot read “${word}” as ${wanted}.`);
  return number;
}

function numbersIn(text, wanted = "numbers", empty = false) {
  const bare = text.replace(/(?<![\w.])[A-Za-z_][\w.]*\s*(?:=|(?=[([]))/g, " ").replace(/\u2212/g, "-");
  const words = bare.replace(/[()[\]{},;]/g, " ").split(/\s+/).filter(Boolean);
  if (!words.length && !(empty && text.trim())) throw new Unclear(`I could not find ${wanted} in “${text}”.`);
  return words.map((word) => asNumber(word, wanted));
}

function isClose(number, other, within) {
  if (Number.isNaN(number) || Number.isNaN(other)) return Number.isNaN(number) && Number.isNaN(other);
  if (!Number.isFinite(number) || !Number.isFinite(other)) return number === other;
  return Math.abs(number - other) <= 1e-9 + within * Math.abs(other);
}

function areClose(numbers, others, within) {
  return numbers.length === others.length
    && numbers.every((number, i) => isClose(number, asFloat(others[i]), within));
}

function folded(word) { return word.toLowerCase().split(/\s+/).filter(Boolean).join(" "); }

const judges = {
  number(asked, answer) {
    const { truth, within } = asked;
    const numbers = numbersIn(answer);
    if (areClose(numbers, truth, within)) return { right: true };
    const meaning = asked.wrong.findIndex((wrong) => areClose(numbers, wrong, within));
    if (meaning >= 0) return { right: false, meaning };
    if (numbers.length !== truth.length) {
      const given = numbers.length === 1 ? "1 number" : `${numbers.length} numbers`;
      return { right: false, note: `You gave ${given} where ${truth.length} were asked for.` };
    }
    const right = numbers.filter((n, i) => isClose(n, asFloat(truth[i]), within)).length;
    const are = right === 1 ? "is" : "are";
    return { right: false, note: right ? `${right} of your ${truth.length} numbers ${are} right.` : "" };
  },

  shape(asked, answer) {
    const sizes = numbersIn(answer, "a shape, as in 2, 3", true);
    if (areClose(sizes, asked.truth, 0)) return { right: true };
    const meaning = asked.wrong.findIndex((wrong) => areClose(sizes, wrong, 0));
    if (meaning >= 0) return { right: false, meaning };
    const sameLength = sizes.length === asked.truth.length;
    return { right: false, note: sameLength ? "" : `It has ${asked.truth.length} dimensions.` };
  },

  choice(asked, answer) {
    const word = folded(answer);
    if (!word) throw new Unclear("There is no answer yet.");
    if (word === folded(asked.truth)) return { right: true };
    return { right: false, meaning: asked.wrong.findIndex((wrong) => word === folded(wrong)) };
  },

  graph(asked, answer) {
    const nodes = [...asked.nodes];
    const root = new Expression(answer, asked, nodes).root();
    if (sameStructure(nodes, asked.truth, root)) return { right: true };
    return { right: false, meaning: asked.wrong.findIndex((wrong) => sameStructure(nodes, wrong, root)) };
  },
};
judges.gradient = judges.number;
