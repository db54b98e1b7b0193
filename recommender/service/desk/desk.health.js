// How the lists are now. The comparison of two policies is shown where the service has one.
async function drawHealth() {
  const [facts, comparison] = await Promise.all([ask("health"), ask(COMPARISON).catch(() => null)]);
  const bars = facts.lengths.map((count, length) => ({ count, label: `${length}` }));
  const shown = facts.shown.map((each) => ({ count: each.articles, label: each.lists }));
  const parts = [
    unseen("Health"),
    element("h3", {}, "Lists"),
    facts.k <= 20 ? histogram("Lists by the number of their entries", bars) : null,
    table([["Short lists", facts.short, "#/short"], ["Empty lists", facts.empty, "#/short"], ...Object.entries(facts.entries).map(([name, count]) => [`Entries: ${SOURCES[name] ?? name}`, count])]),
    element("h3", {}, "Reach"),
    histogram("Articles by the number of lists they are in", shown),
    table([["In no list", facts.orphans, "#/shown"], ["Most lists of one article", facts.most_shown, "#/shown"], ["Near copies", facts.copies.articles, "#/copies"], ["Pins", facts.rules.pins, "#/decisions"], ["Blocks", facts.rules.blocks, "#/decisions"]]),
    element("h3", {}, "Drift"),
    drift(facts.drift),
    ...(comparison ? compared(comparison) : []),
  ];
  return { status: `Version ${facts.version}, ${plural(facts.updates, "update")} since the last build or compaction`, parts: [parts] };
}

function table(rows) {
  return element("table", {}, element("tbody", {}, ...rows.map(([name, value, link]) => element("tr", {},
    element("th", { scope: "row" }, link ? element("a", { href: link }, name) : name),
    element("td", {}, typeof value === "number" ? number(value) : value)))));
}

const share = (value) => (value === null ? "none" : `${(100 * value).toFixed(1)} %`);

function drift(facts) {
  const advice = facts.advice ? `Build the site again: ${facts.advice.replace(/^build the site again: /, "")}` : "No need to build the site again.";
  return element("div", {}, element("p", { class: "none" }, advice), table([
    ["Added since the model was fitted", facts.n_added], ["Edited since", facts.n_edited],
    ["Unknown words, articles of the fit", share(facts.unknown_before)], ["Unknown words, later articles", share(facts.unknown_since)],
  ]));
}

// Two policies by the clicks in their lists. Policy a is that of the site.
function compared(facts) {
  const arm = (name, { shown, clicked, rate }) => [name, `${number(clicked)} of ${plural(shown, "list")} clicked, ${share(rate)}`];
  const ahead = { a: "The policy of the site is better.", b: "The other policy is better." }[facts.better] ?? "No difference is certain yet.";
  const missing = facts.clicks_needed ? ` About ${plural(facts.clicks_needed, "click")} are missing for a difference of ${share(facts.least)}.` : "";
  const high = facts.high === null ? "any number" : share(facts.high);
  return [element("h3", {}, "Clicks: two policies compared"),
    element("p", { class: "none" }, ahead + missing),
    table([
      arm("Policy of the site", facts.arms.a), arm("Other policy", facts.arms.b),
      ["Difference, and its interval", `${share(facts.relative)}, from ${share(facts.low)} to ${high}`], ["Comparison", facts.comparison],
    ])];
}
