// Search by meaning: the text of a draft finds articles.
async function related(title, text, limit) {
  const answer = await ask("../v1/related", "POST", { title, text, limit });
  return answer.related.map((entry) => ({ ...entry, id: entry.article_id }));
}

async function drawMeaning() {
  const { title, body } = meaning.elements;
  if (!title.value.trim() && !body.value.trim()) return { status: "", parts: [unseen("Search by meaning")] };
  const entries = await related(title.value, body.value, 30);
  const rows = entries.map((entry) => item(entry, `score ${entry.score.toFixed(2)}`));
  const status = rows.length ? plural(rows.length, "article") : "No article is related to this draft.";
  return { status, parts: [unseen("Found articles"), element("ol", { class: "articles" }, ...rows)] };
}

meaning.addEventListener("submit", (event) => {
  event.preventDefault();
  draw();
});
