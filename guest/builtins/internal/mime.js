'use strict';
// MIME types of the MIME Sniffing Standard.

class MIMEParams {
  #entries = new Map();
  delete(name) {
    this.#entries.delete(name);
  }
  get(name) {
    return this.#entries.get(name) ?? null;
  }
  has(name) {
    return this.#entries.has(name);
  }
  set(name, value) {
    this.#entries.set(`${name}`, `${value}`);
  }
  *entries() {
    yield* this.#entries.entries();
  }
  *keys() {
    yield* this.#entries.keys();
  }
  *values() {
    yield* this.#entries.values();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return Array.from(
      this.#entries,
      ([name, value]) => {
        const isToken = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/.test(value);
        return `${name}=${isToken ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
      },
    ).join(';');
  }
  toJSON() {
    return this.toString();
  }
}

class MIMEType {
  #type;
  #subtype;
  #params = new MIMEParams();
  constructor(text) {
    text = `${text}`;
    const blanks = '[\\t\\n\\f\\r ]*';
    const token = "([!#$%&'*+\\-.^_`|~A-Za-z0-9]+)";
    const match = new RegExp(`^${blanks}${token}/${token}${blanks}(;[^]*)?$`).exec(text);
    if (match === null) {
      const error = new TypeError(
        `The MIME syntax for a ${/\//.test(text) ? 'subtype' : 'type'} in ` +
          `${JSON.stringify(text)} is invalid`,
      );
      error.code = 'ERR_INVALID_MIME_SYNTAX';
      throw error;
    }
    this.#type = match[1].toLowerCase();
    this.#subtype = match[2].toLowerCase();
    const pattern = /;[\t\n\f\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\.)*)"[^;]*|([^;]*)))?/g;
    for (const [, name, quoted, plain] of (match[3] ?? '').matchAll(pattern)) {
      const key = name.trim().toLowerCase();
      const value = quoted !== undefined ? quoted.replace(/\\(.)/g, '$1') : plain?.trim();
      if (
        !key ||
        value === undefined ||
        (quoted === undefined && value === '') ||
        this.#params.has(key)
      )
        continue;
      this.#params.set(key, value);
    }
  }
  get type() {
    return this.#type;
  }
  set type(value) {
    this.#type = `${value}`.toLowerCase();
  }
  get subtype() {
    return this.#subtype;
  }
  set subtype(value) {
    this.#subtype = `${value}`.toLowerCase();
  }
  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }
  get params() {
    return this.#params;
  }
  toString() {
    const params = this.#params.toString();
    return params ? `${this.essence};${params}` : this.essence;
  }
  toJSON() {
    return this.toString();
  }
}

module.exports = { MIMEParams, MIMEType };
