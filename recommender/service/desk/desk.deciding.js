// Pins and blocks: made, withdrawn and undone. After each change the lists are read again.
async function change(path, method, body) {
  const known = who();
  if (!known) {
    report(new Refusal(401, "Sign in with your name and the token to write, then try again."));
    return;
  }
  const seen = opened && !body?.undo ? { revision: opened.revision } : {};
  const key = document.activeElement?.dataset.key;
  const values = { by: known.by, ...seen, ...body };
  delete values.undo;
  const target = method === "DELETE" ? queried(path, values) : path;
  try {
    const outcome = await ask(target, method, method === "DELETE" ? null : values);
    await arrived(outcome, key);
  } catch (error) {
    if (error.status === 409 && opened) {
      await read(); // so that the editor sees what the other one did
      report(error, button("Do it all the same", () => change(path, method, body)));
    } else report(error, button("Try again", () => change(path, method, body)));
  }
}

const decide = (path, body) => change(path, "PUT", body);

function withdraw(rule) {
  const pair = rule.action === "block-pair" ? { pair: true } : {};
  if (rule.action === "block-everywhere") return change(`${ruleAddress(rule.article)}/everywhere`, "DELETE", {});
  const kind = rule.action === "pin" ? "pins" : "blocks";
  return change(ruleAddress(rule.article, kind, rule.other), "DELETE", pair);
}

const undo = (decision) => change(`../v1/decisions/${decision}/undo`, "POST", { undo: true });

async function arrived({ version, decision, lists }, key) {
  if (state.id !== null) await read(version);
  if (["decisions", "shown", "short", "health"].includes(state.view)) await draw();
  const shown = lists.length === 1 ? "1 list changed." : `${number(lists.length)} lists changed.`;
  if (decision) tell(`${spoken(decision)} ${shown}`, button("Undo", () => undo(decision.number), { class: "undo" }));
  else tell("It was so already.");
  const same = key && [...reader.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
  (same || find(".notes .undo") || reader.querySelector("h2"))?.focus({ preventScroll: true });
  await counts(version);
}

function spoken({ before, after, undoes }) {
  const rule = after ?? before;
  const kind = rule.action === "pin" ? "Pin" : "Block";
  if (undoes) return after ? `${kind} restored.` : `${kind} taken back.`;
  return after ? `${kind} saved.` : `${kind} withdrawn.`;
}

// Finds an article by its title or by meaning, to pin it in the open list.
function pinForm() {
  const search = element("input", { type: "text", name: "pin", autocomplete: "off", placeholder: "Title, id or words" });
  const mode = element("select", { name: "by" }, element("option", { value: "title" }, "by title"), element("option", { value: "meaning" }, "by meaning"));
  const position = element("input", { type: "number", name: "position", min: 1, max: 100, placeholder: "first free" });
  const hits = element("ul", { class: "few-words hits" });
  const status = element("p", { class: "found", role: "status" });
  const form = element("form", { class: "pinning" },
    element("h3", {}, "Pin an article"),
    element("div", { class: "fields" },
      element("label", { class: "wide" }, element("span", {}, "Find"), search), element("label", {}, element("span", {}, "How"), mode),
      element("label", {}, element("span", {}, "Position"), position), element("button", { type: "submit" }, "Find")),
    status, hits);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const rows = mode.value === "meaning" ? await related(search.value, "", 8) : (await ask(queried("articles", { q: search.value, limit: 8 }))).articles;
      const others = rows.filter((each) => each.id !== opened.article.id);
      status.textContent = plural(others.length, "article");
      hits.replaceChildren(...others.map((each) => element("li", {},
        element("a", { href: address(each.id) }, title(each)), meta(each),
        button("Pin", () => decide(ruleAddress(opened.article.id, "pins", each.id), position.value ? { position: Number(position.value) } : {}), { "aria-label": `Pin: ${nameOf(each)}` }))));
    } catch (error) {
      report(error);
    }
  });
  return form;
}

async function drawDecisions() {
  const load = async (offset) => {
    const answer = await ask(queried("../v1/decisions", { offset, limit: PAGE }));
    return { total: answer.total, things: answer.decisions };
  };
  const { total, parts } = await paged(element("ul", { class: "decisions" }), load, decisionOf);
  return { status: total ? `${plural(total, "decision")}, the latest first` : "Nobody has decided anything yet.", parts: [unseen("Decisions"), parts] };
}

function decisionOf(decision) {
  const rule = decision.after ?? decision.before;
  const note = decision.undoes ? `undoes ${decision.undoes}` : !decision.after && "withdrawn";
  return element("li", {},
    element("p", {}, `${decision.number}. `, ...ruleText(rule, {})),
    dotted(decision.by, moment(decision.at), note),
    button("Undo", () => undo(decision.number), { "aria-label": `Undo decision ${decision.number}` }));
}
