// Functions shared by all views. The scripts of the desk are joined in one file in the order of `_SCRIPTS`.
const find = (selector) => document.querySelector(selector);
const [controls, meaning, account, notes] = [".controls", ".meaning", ".account", ".notes"].map(find);
const [input, order, show] = ["[type=search]", "[name=order]", "[name=show]"].map(find);
const [sectionOf, languageOf] = ["[name=section]", "[name=language]"].map(find);
const [found, panel, reader] = [".found", ".view", ".reader article"].map(find);
// `view` and `id` come from the address, `last` is the article read last, `site` the counts of the site.
const state = { view: "", id: null, last: null, site: null, scroll: 0, turn: 0 };

// Content of articles enters the page only as text, through this function and `drawing`.
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value || value === 0) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const number = (count) => count.toLocaleString("en");
const plural = (count, noun, nouns = `${noun}s`) => `${number(count)} ${count === 1 ? noun : nouns}`;
const nameOf = (article) => article.title || article.id;
// Ids are escaped in addresses, so that an unescaped leading slash always marks a view.
const place = (view) => (view ? `#/${view}` : "#");
const address = (id) => `${state.view ? `#/${state.view}/` : "#"}${encodeURIComponent(id)}`;
const moment = (at) => {
  const when = new Date(at);
  const text = when.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return element("time", { datetime: at, title: at }, Number.isNaN(when.getTime()) ? at : text);
};
const button = (text, onclick, attributes = {}) => element("button", { type: "button", onclick, ...attributes }, text);
