// How the lists are now. Clicks and the comparison of two policies are shown where the service has them.
const DAYS = 10; // of which the clicks are drawn
async function drawHealth() {
  const none = () => null;
  const [facts, clicks, comparison] = await Promise.all([ask("health"), ask("clicks").catch(none), ask(COMPARISON).catch(none)]);
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
    ...(clicks ? clicked(clicks) : []),
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

const clicksOf = ({ shown, clicked }) => `${number(clicked)} of ${plural(shown, "list")} clicked, ${share(shown ? clicked / shown : null)}`;

// What readers saw and clicked, as pages report it.
function clicked(facts) {
  const bars = facts.days.slice(-DAYS).map((each) => ({ count: each.clicked, label: each.day.slice(5) }));
  const last = facts.days.slice(-1).map((each) => [`Lists seen on ${each.day}`, clicksOf(each)]);
  return [element("h3", {}, "Clicks"),
    facts.shown ? histogram("Lists with a click, by day", bars) : null,
    table([["Lists that readers saw", clicksOf(facts)], ...last])];
}

// Two policies by the clicks in their lists. Policy a is that of the site.
function compared(facts) {
  const ahead = { a: "The policy of the site is better.", b: "The other policy is better." }[facts.better] ?? "No difference is certain yet.";
  const missing = facts.clicks_needed ? ` About ${plural(facts.clicks_needed, "click")} are missing for a difference of ${share(facts.least)}.` : "";
  const high = facts.high === null ? "any number" : share(facts.high);
  return [element("h3", {}, "Clicks: two policies compared"),
    element("p", { class: "none" }, ahead + missing),
    table([
      ["Policy of the site", clicksOf(facts.arms.a)], ["Other policy", clicksOf(facts.arms.b)],
      ["Difference, and its interval", `${share(facts.relative)}, from ${share(facts.low)} to ${high}`], ["Comparison", facts.comparison],
    ])];
}
