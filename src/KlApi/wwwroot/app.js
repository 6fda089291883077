const $ = id => document.getElementById(id);

/** Asks the API; a refusal becomes an error that carries the problem document. */
async function ask(path, body, headers = {}) {
  const answer = await fetch(path, body === undefined ? { headers } : {
    method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body),
  });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({ detail: `The service answered ${answer.status}.` }));
  throw Object.assign(new Error(problem.detail), { problem });
}

/** Infinities travel as strings; a result is a number or a record with its value. */
const valueOf = result => result !== null && typeof result === "object" ? result.value : result;
const show = value => value === "Infinity" ? "∞" : value === "-Infinity" ? "−∞" : String(value ?? "").replace(/^-/, "−");
const brief = value => typeof value === "number" ? String(+value.toPrecision(4)).replace(/^-/, "−") : show(value);

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function fillNumbers(body, rows) {
  body.replaceChildren(...rows.map(([name, value, title]) => {
    const row = element("tr");
    row.append(element("th", name, { scope: "row" }), element("td", show(value), title ? { title } : {}));
    return row;
  }));
}

/** Says what was wrong beside the fields that caused it. */
function report(place, form, failure, fieldOf = () => null) {
  for (const field of form.elements) field.removeAttribute("aria-invalid");
  if (!failure) { place.textContent = ""; return; }
  const errors = Object.entries(failure.problem?.errors ?? {});
  for (const [pointer] of errors) fieldOf(pointer)?.setAttribute("aria-invalid", "true");
  const listed = errors.slice(0, 5).flatMap(([pointer, messages]) => messages.map(message => `${pointer || "The request"} ${message}`));
  place.textContent = listed.length > 0 ? listed.join("\n") : failure.message;
}

/** Runs after the last of a burst of events, and drops answers that a later question has overtaken. */
function latest(work, wait = 200) {
  let timer, round = 0;
  return argument => {
    clearTimeout(timer);
    timer = setTimeout(() => { const mine = ++round; work(() => mine === round, argument); }, wait);
  };
}

/* Two distributions */

/** "1, 2.5 1/3 -inf" in any separation; what is no number is left as it is, for the service to name. */
function numbers(text) {
  return text.split(/[\s,;[\]]+/).filter(Boolean).map(word => {
    if (/^[-−]inf(inity)?$/i.test(word)) return "-Infinity";
    const [above, below] = word.split("/").map(Number);
    const value = below === undefined ? above : above / below;
    return Number.isFinite(value) ? value : word;
  });
}

const names = {
  "kullback-leibler": m => m.direction === "reverse" ? "KL(q‖p), reverse" : "KL(p‖q), forward",
  "jeffreys": () => "Jeffreys", "jensen-shannon": () => "Jensen–Shannon", "total-variation": () => "Total variation", "hellinger": () => "Hellinger",
};

function drawContributions(p, q, shares) {
  const most = 24;
  const order = shares.map((share, index) => ({ share, index, size: Math.abs(Number(share)) }));
  const shown = order.length > most ? order.sort((a, b) => b.size - a.size).slice(0, most) : order;
  const largest = Math.max(...shown.map(entry => Number.isFinite(entry.size) ? entry.size : 0), Number.MIN_VALUE);
  $("contributions").replaceChildren(...shown.map(({ share, index, size }) => {
    const bar = element("div", undefined, { class: Number(share) < 0 ? "bar negative" : "bar" });
    const width = 50 * Math.min(1, size / largest);
    bar.style.width = `${width}%`;
    bar.style.left = `${Number(share) < 0 ? 50 - width : 50}%`;
    const track = element("div", undefined, { class: "track", "aria-hidden": "true" });
    track.append(bar);
    const cell = element("td");
    cell.append(track);
    const row = element("tr");
    row.append(element("th", String(index), { scope: "row" }), element("td", brief(p[index])), element("td", brief(q[index])), element("td", brief(share)), cell);
    return row;
  }));
  return order.length > most ? `The ${most} largest of ${order.length} categories are shown.` : "";
}

const compare = latest(async isLatest => {
  const form = $("compare-form");
  const [p, q] = [numbers(form.p.value), numbers(form.q.value)];
  try {
    const answer = await (await ask("v1/divergences", { p, q, input: form.input.value, unit: form.unit.value, include: ["contributions"] })).json();
    if (!isLatest()) return;
    report($("compare-error"), form);
    fillNumbers($("measures"), answer.results.map(({ measure, value, method }) => [(names[measure.name] ?? (() => measure.name))(measure), value, method]));
    const cut = drawContributions(p, q, answer.contributions ?? []);
    $("notes").textContent = [cut, ...(answer.warnings ?? []).map(warning => warning.message ?? warning)].filter(Boolean).join(" ");
    $("compare-answer").hidden = false;
  } catch (failure) {
    if (!isLatest()) return;
    report($("compare-error"), form, failure, pointer => form.elements[pointer.split("/")[1]]);
    $("compare-answer").hidden = true;
    $("notes").textContent = "";
  }
});
$("compare-form").addEventListener("input", compare);

/* Two named distributions */

async function showChart(image, svg) {
  const text = await svg.text();
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  image.alt = new DOMParser().parseFromString(text, "image/svg+xml").querySelector("desc")?.textContent ?? "Chart";
  image.hidden = false;
}

/** What a parameter is at first: by its name, else by what it is. */
const start = {
  mean: 0, standardDeviation: 1, location: 0, scale: 1, shape: 2, rate: 1, probability: 0.3, trials: 10, successes: 4, population: 20, draws: 5,
  lower: 0, mode: 0.3, upper: 1, alpha: 2, beta: 3, a: 2, b: 3, degreesOfFreedom: 5, exponent: 2.5, parameter: 0.4, spread: 1, concentration: 2,
  probabilities: "[0.5, 0.3, 0.2]", weights: "[0.5, 0.5]", means: "[-3, 3]", standardDeviations: "[1, 1]", covariance: "[[1, 0.3], [0.3, 1]]",
};
const startOf = {
  "multivariate-normal": { mean: "[0, 0]" }, "dirichlet": { concentration: "[2, 3, 4]" }, "wishart": { scale: "[[1, 0.3], [0.3, 1]]" }, "log-uniform": { lower: 1, upper: 10 },
  "inverse-gaussian": { mean: 1 }, "gaussian-mixture": { covariances: "" }, "discrete-uniform": { lower: 0, upper: 9 }, "truncated-normal": { lower: -1, upper: 2 },
};
const families = new Map();

function addFields(side) {
  const form = $("named-form");
  const set = form.querySelector(`fieldset[data-side=${side}]`);
  const family = form.elements[`${side}/family`].value;
  for (const label of [...set.querySelectorAll("label")].slice(1)) label.remove();
  for (const { name, type } of families.get(family).parameters) {
    const single = type === "number" || type === "integer";
    const label = element("label", name);
    const value = startOf[family]?.[name] ?? start[name] ?? 1;
    label.append(element("input", undefined, { name: `${side}/${name}`, type: single ? "number" : "text", step: type === "integer" ? 1 : "any", value, spellcheck: "false" }));
    set.append(label);
  }
}

function named(side) {
  const form = $("named-form");
  const family = form.elements[`${side}/family`].value;
  const made = { family };
  for (const { name, type } of families.get(family).parameters) {
    const field = form.elements[`${side}/${name}`];
    if (field.value.trim() === "") continue;
    if (type === "number" || type === "integer") made[name] = field.valueAsNumber;
    // What is no JSON is left as it is, for the service to name.
    else try { made[name] = JSON.parse(field.value); } catch { made[name] = field.value; }
  }
  return made;
}

const pairs = latest(async isLatest => {
  const form = $("named-form");
  const body = { p: named("p"), q: named("q") };
  const fieldOf = pointer => form.elements[pointer.split("/").slice(1, 3).join("/")] ?? form.elements[`${pointer.split("/")[1]}/family`];
  try {
    const answer = await (await ask("v1/distributions/divergences", body)).json();
    if (!isLatest()) return;
    report($("named-error"), form);
    fillNumbers($("named-numbers"), answer.results.map(({ measure, value, method, errorBound, standardError }) =>
      [(names[measure.name] ?? (() => measure.name))(measure), value, method + (errorBound === undefined ? "" : `, within ${errorBound}`) + (standardError === undefined ? "" : `, standard error ${standardError}`)]));
    $("named-notes").textContent = [`By ${[...new Set(answer.results.map(result => result.method.replace("-", " ")))].join(" and ")}.`, ...answer.warnings].join(" ");
    await ask("v1/distributions/chart.svg", body).then(chart => showChart($("named-chart"), chart), () => { $("named-chart").hidden = true; });
  } catch (failure) {
    if (!isLatest()) return;
    report($("named-error"), form, failure, fieldOf);
  }
});

async function listFamilies() {
  const list = await (await ask("v1/distributions")).json();
  for (const family of list.data) families.set(family.name, family);
  for (const [side, chosen] of [["p", "normal"], ["q", "student-t"]]) {
    const select = $("named-form").elements[`${side}/family`];
    select.replaceChildren(...list.data.map(({ name }) => element("option", name)));
    select.value = families.has(chosen) ? chosen : list.data[0].name;
    select.addEventListener("change", () => addFields(side));
    addFields(side);
  }
  $("named-form").addEventListener("input", pairs);
  pairs();
}

/* A fit, watched */

let stream = null;
const losses = [];

let drawing = 0;

function drawLoss() {
  if (losses.length === 0) return;
  const values = losses.map(([, loss]) => loss);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const last = losses[losses.length - 1];
  const points = losses.map(([step, loss]) => `${600 * step / Math.max(last[0], 1)},${116 - 112 * (loss - low) / (high - low || 1)}`);
  $("fit-loss").querySelector("polyline").setAttribute("points", points.join(" "));
  $("fit-loss-text").textContent = `loss ${brief(last[1])} at step ${last[0]}; from ${brief(high)} down to ${brief(low)}`;
}

async function showResult(id) {
  const job = await (await ask(`v1/jobs/${id}`)).json();
  $("fit-status").textContent = job.status;
  if (job.status === "failed") report($("fit-error"), $("fit-form"), new Error(job.error?.message ?? job.error?.detail ?? "The job failed."));
  if (job.status !== "succeeded") return;
  const { model, forward, reverse, behaviour, advice } = job.result;
  const parameters = Object.entries(model).filter(([name]) => name !== "family").map(([name, value]) => [name, [value].flat(2).map(brief).join(", ")]);
  fillNumbers($("fit-numbers"), [["model", model.family], ...parameters, ["KL(p‖q), forward", valueOf(forward)], ["KL(q‖p), reverse", valueOf(reverse)], ["behaviour", behaviour]]);
  $("fit-advice").textContent = advice ?? "";
  await showChart($("fit-chart"), await ask(`v1/jobs/${id}/charts/density.svg`));
}

function watch(id) {
  stream = new EventSource(`v1/jobs/${id}/events`);
  stream.addEventListener("metric", event => {
    const { step, metrics } = JSON.parse(event.data);
    if (Number.isFinite(metrics?.loss)) losses.push([step, metrics.loss]);
    // Many events arrive at once when a finished run is replayed; one drawing for each frame is enough.
    if (!drawing) drawing = requestAnimationFrame(() => { drawing = 0; drawLoss(); });
  });
  stream.addEventListener("progress", event => { $("fit-progress").value = JSON.parse(event.data).fraction ?? 0; });
  stream.addEventListener("status", event => {
    const { status } = JSON.parse(event.data);
    $("fit-status").textContent = status;
    if (!["succeeded", "failed", "cancelled"].includes(status)) return;
    stream.close();
    $("fit-cancel").disabled = true;
    if (status === "succeeded") $("fit-progress").value = 1;
    showResult(id).catch(failure => report($("fit-error"), $("fit-form"), failure));
  });
}

$("fit-form").addEventListener("submit", async event => {
  event.preventDefault();
  const form = event.target;
  const distance = form.distance.valueAsNumber;
  const model = form.model.value === "normal" ? { family: "normal" } : { family: "gaussian-mixture", components: 2 };
  try {
    const job = await (await ask("v1/jobs", {
      kind: "density-fit", seed: form.seed.valueAsNumber, steps: form.steps.valueAsNumber, model,
      target: { family: "gaussian-mixture", weights: [0.5, 0.5], means: [-distance, distance], standardDeviations: [1, 1] },
      objective: { name: form.objective.value }, optimizer: { name: "adam", learningRate: 0.05 },
    })).json();
    report($("fit-error"), form);
    stream?.close();
    losses.length = 0;
    $("fit-loss").querySelector("polyline").setAttribute("points", "");
    $("fit-loss-text").textContent = "loss";
    $("fit-numbers").replaceChildren();
    $("fit-advice").textContent = "";
    $("fit-chart").hidden = true;
    $("fit-progress").value = 0;
    $("fit-run").hidden = false;
    $("fit-cancel").disabled = false;
    $("fit-cancel").onclick = () => ask(`v1/jobs/${job.id}/cancel`, {}).catch(failure => report($("fit-error"), form, failure));
    watch(job.id);
    listJobs();
  } catch (failure) {
    report($("fit-error"), form, failure, pointer => form.elements[pointer.split("/")[1]]);
  }
});

/* All jobs, and one of them */

const listJobs = latest(async isLatest => {
  const kind = $("jobs-kind").value;
  try {
    const { data } = await (await ask(`v1/jobs?limit=20${kind && `&kind=${encodeURIComponent(kind)}`}`)).json();
    if (!isLatest()) return;
    $("jobs-error").textContent = "";
    const known = [...$("jobs-kind").options].map(option => option.value);
    for (const name of new Set(data.map(job => job.kind))) if (!known.includes(name)) $("jobs-kind").append(element("option", name, { value: name }));
    $("jobs-list").replaceChildren(...data.map(job => {
      const row = element("tr"), name = element("td"), choose = element("button", job.kind, { type: "button", class: "quiet" });
      choose.addEventListener("click", () => openJob(job.id));
      name.append(choose);
      row.append(name, element("td", job.status), element("td", `${Math.round(100 * job.progress.fraction)} %`), element("td", new Date(job.createdAt).toLocaleString()));
      return row;
    }));
  } catch (failure) {
    if (isLatest()) $("jobs-error").textContent = failure.message;
  }
});

/** The numbers of a result that stand alone, with those one level below: enough for a first look at any kind. */
function scalars(result) {
  const isScalar = value => ["number", "string", "boolean"].includes(typeof value);
  return Object.entries(result ?? {}).flatMap(([name, value]) => {
    if (name === "advice") return [];
    if (isScalar(value)) return [[name, brief(value)]];
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
    return Object.entries(value).filter(([, inner]) => isScalar(inner)).map(([inner, number]) => [`${name} ${inner}`, brief(number)]);
  });
}

const openJob = latest(async (isLatest, id) => {
  try {
    const job = await (await ask(`v1/jobs/${id}`)).json();
    if (!isLatest()) return;
    $("jobs-error").textContent = "";
    $("job-title").textContent = `${job.kind} ${job.id}: ${job.status}`;
    fillNumbers($("job-numbers"), [...Object.entries(job.metrics).map(([name, value]) => [`latest ${name}`, brief(value)]), ...scalars(job.result)]);
    $("job-advice").textContent = job.error?.message ?? job.result?.advice ?? "";
    $("job-charts").replaceChildren();
    $("job").hidden = false;
    for (const name of job.charts) {
      const chart = await ask(`v1/jobs/${id}/charts/${name}.svg`).catch(() => null);
      if (!isLatest()) return;
      if (!chart) continue;
      const image = element("img", undefined, { class: "chart" });
      await showChart(image, chart);
      $("job-charts").append(image);
    }
  } catch (failure) {
    if (isLatest()) $("jobs-error").textContent = failure.message;
  }
});
$("jobs-kind").addEventListener("change", listJobs);
$("jobs-refresh").addEventListener("click", listJobs);

compare();
listFamilies();
listJobs();
