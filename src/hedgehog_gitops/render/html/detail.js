// One object: what is told of it, its fields in git, in the cluster and in NetBox, whom it reaches, and its findings.
const detail = document.getElementById("detail");

function flattened(value, path, into) {
  if (value !== null && typeof value === "object" && Object.keys(value).length) {
    const isList = Array.isArray(value);
    for (const [name, below] of Object.entries(value)) flattened(below, isList ? `${path}[${name}]` : path ? `${path}.${name}` : name, into);
  } else into.set(path, value);
  return into;
}

// Who decides about a field. Where that is not git, a side may hold anything, and the plan does not compare.
function deciderOf(each, path) {
  const steps = path.replace(/\[\d+\]/g, "").split(".");
  const names = Object.keys(report.authority).filter((name) => name.startsWith(`${each.kind}/`) && report.authority[name] !== "git");
  const found = names.find((name) => name.slice(each.kind.length + 1).split(".").every((step, place) => step === "*" || step === steps[place]));
  return report.authority[found] || report.authority[each.kind] || report.authority.default || "git";
}

function sideCell(row, side, isKnown, decider) {
  if (row) return make("td", { class: "other" }, plain(row.found));
  if (side !== "netbox" && decider !== "git") return make("td", { class: "none" }, decider === "ignore" ? "ignored" : `${decider} decides`);
  if (!isKnown) return make("td", { class: "none" }, "unknown");
  return make("td", { class: "none" }, side === "netbox" ? "" : "same");
}

function fieldTable(each) {
  const sides = report.sides;
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...["field", "git", ...sides].map((name) => make("th", { scope: "col" }, name)))));
  const body = make("tbody", {});
  const fields = flattened(each.spec, "spec", new Map());
  const covered = new Set();
  for (const row of each.rows) {
    covered.add(row.path);
    body.append(make("tr", {}, make("td", {}, row.path), make("td", {}, plain(row.git)),
      ...sides.map((side) => (row.side === side ? sideCell(row, side) : make("td", { class: "none" }, "")))));
  }
  const isThere = each.path !== "";
  for (const [path, value] of isThere ? fields : []) {
    if ([...covered].some((other) => path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`))) continue;
    const isNew = each.told.some((one) => one.action === "create" && one.side === "cluster") || each.sides.cluster === "missing";
    body.append(make("tr", {}, make("td", {}, path), make("td", {}, plain(value)), ...sides.map((side) =>
      side === "cluster" && isNew ? make("td", { class: "other" }, "not there") : sideCell(null, side, each.sides[side] !== "unknown", deciderOf(each, path)))));
  }
  table.append(body);
  return table;
}

function toldList(each) {
  return make("ul", {}, ...each.told.map((one) => {
    const line = make("li", {}, badge(one.verdict), ` ${one.side}: ${one.action}${one.about ? ` ${one.about}` : ""}: ${one.reason}`);
    if (one.author) line.append(` (${one.author.name}, ${one.author.commit ? one.author.commit.slice(0, 12) : "not committed"}, ${one.author.time})`);
    return line;
  }));
}

function findingParts(list) {
  return list.map((found) => make("div", { class: "finding" },
    make("p", {}, make("b", {}, `${found.severity} ${found.rule}`), ` ${found.path}:${found.line}:${found.column}`),
    make("p", {}, found.message), ...(found.hint ? [make("p", { class: "sub" }, found.hint)] : []),
    ...(found.source ? [make("pre", { tabindex: "0" }, `${found.line} | ${found.source}`)] : [])));
}

function showDetail(each) {
  if (!each) {
    detail.replaceChildren(make("h2", {}, "Nothing chosen"), make("p", { class: "sub" }, "Choose an object in the drawing or in the list: its fields in git and on every side stand here, with the reason and who began it."));
    return;
  }
  const parts = [make("h2", {}, each.name), make("p", { class: "sub" }, `${each.kind} in ${each.namespace}${each.path ? ` · ${each.path}` : " · not in git"}`), badge(each.verdict)];
  if (each.told.length) parts.push(make("h3", {}, "What the plan does"), toldList(each));
  if (each.reach.length) parts.push(make("h3", {}, "Reaches"), make("p", { class: "sub" }, each.reach.join(", ")));
  const found = report.findings.filter((one) => one.object === each.id);
  if (found.length) parts.push(make("h3", {}, "Findings"), ...findingParts(found));
  if (each.rows.length || each.path) parts.push(make("h3", {}, "Fields"), fieldTable(each));
  detail.replaceChildren(...parts);
  detail.scrollTop = 0;
}
