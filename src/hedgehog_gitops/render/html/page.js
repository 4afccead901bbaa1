// Everything together: filters, theme, keys, findings, and the sheet for the printer.
function verdictChips() {
  const counts = new Map();
  for (const each of objects) counts.set(each.verdict, (counts.get(each.verdict) || 0) + 1);
  return VERDICTS.filter((verdict) => counts.has(verdict)).map((verdict) => {
    const chip = make("button", { type: "button", class: `chip v-${verdict}`, "aria-pressed": "true", "data-verdict": verdict }, verdict, make("b", {}, String(counts.get(verdict))));
    chip.addEventListener("click", () => {
      if (!filter.verdicts.delete(verdict)) filter.verdicts.add(verdict);
      for (const other of document.querySelectorAll(".chip")) other.setAttribute("aria-pressed", String(!filter.verdicts.size || filter.verdicts.has(other.dataset.verdict)));
      applyFilter();
    });
    return chip;
  });
}

function fill(select, names, onChange) {
  const element = document.getElementById(select);
  for (const name of names) element.append(make("option", { value: name }, name));
  element.addEventListener("change", () => { onChange(element.value); applyFilter(); });
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  const button = document.getElementById("theme");
  button.textContent = name === "dark" ? "Light" : "Dark";
  button.setAttribute("aria-pressed", String(name === "dark"));
}

function paper() {
  const rows = objects.filter((each) => each.verdict !== "in-sync").slice(0, 1000).map((each) =>
    make("tr", {}, make("td", {}, each.verdict), make("td", {}, `${each.kind} ${each.name}`), make("td", {}, toldList(each), ...each.rows.map((row) => make("p", { class: "mono" }, `${row.path}: git ${plain(row.git)}, ${row.side} ${plain(row.found)}`)))));
  document.getElementById("paper").replaceChildren(make("h2", {}, "What differs"), make("table", {}, make("tbody", {}, ...rows)));
}

document.getElementById("verdicts").append(...verdictChips());
fill("kind", [...new Set(objects.map((each) => each.kind))].sort(), (value) => { filter.kind = value; });
fill("side", report.sides, (value) => { filter.side = value; });
const find = document.getElementById("find");
find.addEventListener("input", () => { filter.text = find.value.trim().toLowerCase(); applyFilter(); });
document.getElementById("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
document.getElementById("closer").addEventListener("click", () => zoom(1.25));
document.getElementById("farther").addEventListener("click", () => zoom(0.8));
document.getElementById("whole").addEventListener("click", showWhole);
addEventListener("keydown", (event) => {
  const isTyping = ["INPUT", "SELECT"].includes(document.activeElement.tagName);
  if (event.key === "/" && !isTyping) { event.preventDefault(); find.focus(); }
  else if (event.key === "Escape") { find.value = ""; filter.text = ""; applyFilter(); choose(null); }
});
addEventListener("resize", () => { drawRows(); });
addEventListener("beforeprint", () => { paper(); showOnPaper(); });
addEventListener("afterprint", showOnScreen);
const unknown = Object.entries(report.unknown);
if (unknown.length) {
  const box = document.getElementById("unknown");
  box.hidden = false;
  box.append(make("b", {}, "Not known: "), unknown.map(([kind, why]) => `${kind} (${why})`).join("; "));
}
document.getElementById("findings").append(...(report.findings.length ? findingParts(report.findings.slice(0, 500)) : [make("p", { class: "sub" }, "None.")]));
setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
drawAll();
applyFilter();
choose(objects.find((each) => each.verdict !== "in-sync") || null);
document.documentElement.dataset.ready = "true";
