// <related-articles article="ID" src="https://related.example"> shows the related articles of an article.
// Without an answer it shows nothing. It sets no cookies, stores nothing and changes nothing outside itself.
(() => {
  "use strict";
  if (!self.customElements || customElements.get("related-articles")) return;

  // the service puts its own values into the next three lines
  const HEADINGS = {"en": "Related articles"};
  const SAME_LANGUAGE = {};
  const SHARE = 0; // of the lists shown that are reported
  const ORIGIN = document.currentScript ? new URL(".", document.currentScript.src).href : document.baseURI;
  const LONGEST = 50, BUILT = 10, WAIT_MS = 5000, HALF = 0.5;
  const QUIETLY = { credentials: "omit", referrerPolicy: "no-referrer" }; // navigator.sendBeacon would send cookies

  // The heading and each entry are one row high, so the space that a list takes is known before it comes.
  const styleOf = (rows) => `
    :host { display: block; ${rows ? `min-block-size: calc(var(--related-row, 3em) * ${rows})` : NO_SPACE} }
    :host([hidden]) { display: none !important }
    .heading { font: inherit; font-weight: bold; margin: 0; line-height: var(--related-row, 3em);
      white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
    ul { list-style: none; margin: 0; padding: 0 }
    li { display: flex; align-items: center; block-size: var(--related-row, 3em) }
    a { color: var(--related-color, LinkText); line-height: 1.4; overflow: hidden; overflow-wrap: anywhere;
      display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: var(--related-lines, 2) }
    a:focus-visible { outline: 2px solid; outline-offset: -2px }`;
  const NO_SPACE = "min-height: 0 !important; min-block-size: 0 !important";

  const headingIn = (tag) => {
    const parts = tag.toLowerCase().split(/[-_]/);
    const language = SAME_LANGUAGE[parts[0]] || parts[0];
    const script = parts.find((part, place) => place && part.length === 4) ||
      (language === "zh" && parts.some((part) => ["tw", "hk", "mo"].includes(part)) ? "hant" : "");
    const known = [`${language}-${script}`, language, "en"].find((each) => Object.hasOwn(HEADINGS, each));
    return [known, HEADINGS[known]];
  };

  const safeAddress = (address) => {
    try {
      const url = new URL(address, document.baseURI);
      return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
    } catch {
      return null;
    }
  };

  const made = (name, part, text = "") => {
    const element = document.createElement(name);
    element.className = part;
    element.setAttribute("part", part);
    element.textContent = text; // escapes
    return element;
  };

  class RelatedArticles extends HTMLElement {
    static observedAttributes = ["article", "src", "limit"];
    #restyle;
    #asked = 0;
    #list = null; // the list that is shown: its service, article, arm and entries
    #watch = null;
    #onScreen = false; // the list is in the window
    #seen = false; // it was, since the last report
    #clicked = new Set(); // places
    #look = () => {
      if (document.visibilityState === "hidden") this.#report();
      else this.#seen ||= this.#onScreen;
    };
    #leave = () => this.#report();

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      try {
        const sheet = new CSSStyleSheet(); // a policy that forbids inline styles allows it
        root.adoptedStyleSheets = [sheet];
        this.#restyle = (style) => sheet.replaceSync(style);
      } catch {
        const style = root.appendChild(document.createElement("style"));
        this.#restyle = (text) => { style.textContent = text; };
      }
    }

    connectedCallback() {
      document.addEventListener("visibilitychange", this.#look);
      addEventListener("pagehide", this.#leave);
      this.#start();
    }

    disconnectedCallback() {
      this.#stop();
      document.removeEventListener("visibilitychange", this.#look);
      removeEventListener("pagehide", this.#leave);
    }

    attributeChangedCallback(name, before, after) {
      if (this.#asked && this.isConnected && before !== after) this.#start();
    }

    get #limit() {
      const limit = parseInt(this.getAttribute("limit"), 10);
      return limit >= 1 ? Math.min(limit, LONGEST) : 5;
    }

    async #start() {
      this.#stop();
      const asked = ++this.#asked, limit = this.#limit, article = this.getAttribute("article");
      const service = safeAddress((this.getAttribute("src") || ORIGIN).replace(/\/*$/, "/"));
      this.#restyle(styleOf(limit + 1));
      let answer = null;
      try {
        answer = article && service && await this.#ask(service, article, limit);
      } catch { /* no service, no list */ }
      if (asked !== this.#asked || !this.isConnected) return;
      const related = Array.isArray(answer?.related) ? answer.related.slice(0, limit) : [];
      const entries = related.map((entry) => ({ ...entry, address: entry?.url ? safeAddress(entry.url) : null }))
        .filter((entry) => entry.address && typeof entry.article_id === "string");
      if (entries.length) this.#show({ service, article, arm: answer.arm, entries });
      if (entries.length < limit) this.#giveBackSpace();
    }

    #stop() {
      this.#report();
      this.#watch?.disconnect();
      this.#list = this.#watch = null;
      this.#onScreen = false;
      this.shadowRoot.querySelector("nav")?.remove();
    }

    async #ask(service, article, limit) {
      const more = limit > BUILT ? `?limit=${limit}` : ""; // with one address for most limits, caches keep one list
      const found = await fetch(`${service}v1/articles/${encodeURIComponent(article)}/related${more}`, {
        ...QUIETLY, signal: AbortSignal.timeout?.(WAIT_MS),
      });
      return found.ok ? found.json() : null;
    }

    #show(list) {
      const [language, words] = headingIn((this.closest("[lang]") || document.documentElement).lang || "en");
      const own = this.getAttribute("heading"), level = /^[1-6]$/.exec(this.getAttribute("level"))?.[0] || 2;
      const nav = made("nav", "nav"), heading = made(`h${level}`, "heading", own || words), items = made("ul", "list");
      if (!own) heading.lang = language;
      nav.setAttribute("aria-label", heading.textContent);
      items.setAttribute("role", "list"); // Safari takes it from lists without bullets
      items.append(...list.entries.map((entry, place) => this.#item(entry, place)));
      nav.append(heading, items);
      this.shadowRoot.append(nav);
      this.#list = list;
      this.#watchScreen(nav);
    }

    #item(entry, place) {
      const item = made("li", "item"), link = made("a", "link", String(entry.title || entry.address));
      link.href = entry.address;
      link.dir = "auto";
      const click = (event) => {
        if (event.button === 2) return; // opens a menu
        this.#seen = true;
        this.#clicked.add(place);
      };
      link.addEventListener("click", click);
      link.addEventListener("auxclick", click);
      item.append(link);
      return item;
    }

    // Below the window nothing visible moves. Elsewhere the space stays empty.
    #giveBackSpace() {
      if (this.getBoundingClientRect().top >= innerHeight) this.#restyle(styleOf(0));
    }

    #watchScreen(nav) {
      if (!self.IntersectionObserver) return;
      this.#watch = new IntersectionObserver((seen) => {
        const { isIntersecting, intersectionRatio, intersectionRect } = seen[seen.length - 1];
        this.#onScreen = isIntersecting &&
          (intersectionRatio >= HALF || intersectionRect.height >= HALF * innerHeight);
        this.#seen ||= this.#onScreen && document.visibilityState === "visible";
      }, { threshold: [0.1, 0.25, HALF] });
      this.#watch.observe(nav);
    }

    // One report each time that the list was on the screen and the page is left, hidden or changed.
    #report() {
      const list = this.#list, share = parseFloat(this.getAttribute("clicks") ?? SHARE);
      const clicked = [...this.#clicked], seen = this.#seen;
      this.#clicked.clear();
      this.#seen = false;
      if (!seen || !list || !(Math.random() < share)) return;
      const ids = list.entries.map((entry) => entry.article_id);
      const report = {
        query: list.article, shown: ids, positions: ids.map((_, place) => place + 1),
        clicked: clicked.map((place) => ids[place]), ...(list.arm && { arm: list.arm }),
      };
      const how = { method: "POST", body: JSON.stringify(report), keepalive: true }; // text/plain: no preflight
      fetch(`${list.service}v1/clicks`, { ...how, ...QUIETLY }).catch(() => { /* a report less */ });
    }
  }

  customElements.define("related-articles", RelatedArticles);
})();
