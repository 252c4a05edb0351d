"use strict";
// Reads an expression such as `a * b + c.log()` over a lesson's variables, and adds the nodes of its
// graph to a list of nodes; see lessons/site/graphs.py.
const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|[-+*/().]))/iy;

// More tokens than any answer needs, and fewer than would use up the stack as parentheses.
const MOST_TOKENS = 500;

class Expression {
  constructor(text, asked, nodes) {
    this.text = text;
    this.asked = asked;
    this.nodes = nodes;
    this.tokens = this.split(text);
    this.position = 0;
  }

  // The place in the list of the node that the whole expression makes.
  root() {
    const value = this.sum();
    if (this.position < this.tokens.length) this.stop(`“${this.peek()}” is unexpected here`);
    if (value.node === undefined) this.stop("it is a plain number, which has no graph");
    return value.node;
  }

  split(text) {
    const tokens = [];
    TOKEN.lastIndex = 0;
    while (text.slice(TOKEN.lastIndex).trim()) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match) this.stop(`I cannot read “${text.slice(start).trim()}”`);
      tokens.push(match[1] ?? match[2] ?? match[3]);
      if (tokens.length > MOST_TOKENS) this.stop("it is too long");
    }
    return tokens;
  }

  peek() { return this.tokens[this.position]; }
  take() { this.position += 1; return this.tokens[this.position - 1]; }
  expect(token) { if (this.take() !== token) this.stop(`“${token}” is missing`); }
  stop(why) {
    throw new Unclear(`This page cannot compute “${this.text}”: ${why}. It reads numbers, the `
      + "lesson’s variables, + - * / ** and functions such as log(x); in the terminal you can "
      + "type any Python.");
  }

  sum() { return this.leftToRight(["+", "-"], () => this.product()); }
  product() { return this.leftToRight(["*", "/"], () => this.sign()); }

  leftToRight(signs, operand) {
    let value = operand();
    while (signs.includes(this.peek())) value = this.apply(this.take(), [value, operand()]);
    return value;
  }

  sign() {
    if (this.peek() === "+") { this.take(); return this.sign(); }
    if (this.peek() !== "-") return this.power();
    this.take();
    const value = this.sign();
    return value.node === undefined ? { number: -value.number } : this.apply("neg", [value]);
  }

  power() {
    const base = this.methods(this.atom());
    if (this.peek() !== "**") return base;
    this.take();
    return this.apply("**", [base, this.sign()]);
  }

  atom() {
    const token = this.take();
    if (token === undefined) this.stop("something is missing at its end");
    if (token === "(") {
      const value = this.sum();
      this.expect(")");
      return value;
    }
    if (/^\.?\d/.test(token)) return { number: Number(token) };
    if (/^[A-Za-z_]/.test(token)) return this.named(token);
    return this.stop(`“${token}” is unexpected here`);
  }

  methods(value) {
    let result = value;
    while (this.peek() === ".") {
      this.take();
      const name = this.take();
      this.expect("(");
      this.expect(")");
      result = this.call(name, result);
    }
    return result;
  }

  named(name) {
    if (Object.hasOwn(this.asked.variables, name)) return { node: this.asked.variables[name] };
    if (this.peek() !== "(") this.stop(`there is no variable ${name}`);
    this.take();
    const x = this.sum();
    this.expect(")");
    return this.call(name, x);
  }

  call(name, x) {
    if (!/^[a-z]+$/.test(name) || !Object.hasOwn(this.asked.operations, name)) this.stop(`it does not know ${name}`);
    if (x.node === undefined) this.stop(`${name} of a plain number has no graph`);
    return this.apply(name, [x]);
  }

  // The result of an operation: a new node, or a number where all operands are numbers.
  apply(name, operands) {
    if (operands.every((operand) => operand.node === undefined)) {
      const [x, y] = operands.map((operand) => operand.number);
      return { number: { "+": x + y, "-": x - y, "*": x * y, "/": x / y, "**": x ** y }[name] };
    }
    this.nodes.push({
      operation: this.asked.operations[name],
      inputs: operands.map((operand) => operand.node ?? null),
      constants: operands.filter((o) => o.node === undefined).map((o) => o.number),
      settings: "",
    });
    return { node: this.nodes.length - 1 };
  }
}

// Whether two nodes were computed by the same operations from the same leaves.
function sameStructure(nodes, a, b) {
  const partner = new Map();
  const pairs = [[a, b]];
  while (pairs.length) {
    const [one, other] = pairs.pop();
    if (partner.has(one)) {
      if (partner.get(one) !== other) return false;
      continue;
    }
    const [first, second] = [nodes[one], nodes[other]];
    if (!first?.inputs.length || !second?.inputs.length) {
      if (one !== other) return false;
      continue;
    }
    if (first.operation !== second.operation || first.inputs.length !== second.inputs.length
      || first.settings !== second.settings
      || !areClose(first.constants, second.constants, 0)) return false;
    partner.set(one, other);
    first.inputs.forEach((input, i) => pairs.push([input, second.inputs[i]]));
  }
  return new Set(partner.values()).size === partner.size;
}
