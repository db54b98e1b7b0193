// Requests to the service. The token is sent in a header, never in an address, and ends with the tab.
const KEPT = "recommender-desk";
const COMPARISON = "../v1/comparison";
const who = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null");

class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function ask(path, method = "GET", body = null) {
  const headers = { accept: "application/json" };
  const token = who()?.token;
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers["content-type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store", redirect: "error" });
  } catch {
    throw new Refusal(0, "The service does not answer. Check the connection, then try again.");
  }
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({}));
  const faults = (problem.errors ?? []).map((each) => each.detail).join("; ");
  throw new Refusal(answer.status, faults || problem.detail || `The service answered ${answer.status}.`);
}

const queried = (path, values) => `${path}?${new URLSearchParams(values)}`;
const ruleAddress = (...ids) => `../v1/rules/${ids.map(encodeURIComponent).join("/")}`;

// Asks until the answer is of a version or of a newer one: of several processes one may know it a moment later.
async function askFrom(version, path) {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask(path);
    if (answer.version >= version || tries === 20) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
}

// Messages at the bottom of the page, with what can be done about them.
function tell(text, ...actions) {
  notes.replaceChildren(element("p", {}, text), ...actions, button("Close", () => notes.replaceChildren()));
}

function report(error, ...actions) {
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 401 || error.status === 403) {
    account.open = true;
    account.querySelector("input[name=token]").focus();
  }
  tell(error.message, ...actions);
}

function showAccount() {
  const known = who();
  account.querySelector("summary").textContent = known ? `Signed in as ${known.by}` : "Sign in";
  account.querySelector("[name=leave]").hidden = !known;
}

account.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { by, token } = event.target.elements;
  sessionStorage.setItem(KEPT, JSON.stringify({ by: by.value.trim(), token: token.value.trim() }));
  token.value = "";
  account.open = false;
  account.querySelector("summary").focus();
  showAccount();
  notes.replaceChildren();
  begin();
});
account.querySelector("[name=leave]").addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  account.querySelector("form").reset();
  showAccount();
  begin();
});
