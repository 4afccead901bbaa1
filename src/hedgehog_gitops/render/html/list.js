// The list of objects that match: only the rows in sight are in the page, so that its length costs nothing.
const list = document.getElementById("list");
const sizer = document.getElementById("sizer");
const HEIGHT = 30, AROUND = 6;
const filter = { verdicts: new Set(), kind: "", side: "", text: "" };
let matching = objects, chosen = null;

function isMatch(each) {
  const verdict = filter.side ? each.sides[filter.side] : each.verdict;
  return (!filter.verdicts.size || filter.verdicts.has(verdict)) && (!filter.kind || each.kind === filter.kind)
    && (!filter.side || verdict !== undefined) && (!filter.text || each.text.includes(filter.text));
}

function applyFilter() {
  matching = objects.filter(isMatch);
  document.getElementById("count").textContent = `${matching.length} of ${objects.length}`;
  sizer.style.height = `${matching.length * HEIGHT}px`;
  list.scrollTop = 0;
  drawRows();
  dimDrawing(matching.length === objects.length ? null : new Set(matching));
}

function drawRows() {
  const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - AROUND);
  const last = Math.min(matching.length, Math.ceil((list.scrollTop + list.clientHeight) / HEIGHT) + AROUND);
  sizer.replaceChildren(...matching.slice(first, last).map((each, offset) => {
    const why = each.told.length ? `${each.told[0].action}: ${each.told[0].reason}` : "";
    const row = make("div", { class: "item", role: "option", id: `row-${each.place}`, "aria-selected": String(each === chosen), "aria-posinset": first + offset + 1, "aria-setsize": matching.length },
      badge(each.verdict), make("span", { class: "kind" }, each.kind), make("span", { class: "who" }, each.name), make("span", { class: "why" }, why));
    row.style.top = `${(first + offset) * HEIGHT}px`;
    row.addEventListener("click", () => choose(each));
    return row;
  }));
}

function choose(each) {
  chosen = each;
  showDetail(each);
  markDrawing(each);
  const place = matching.indexOf(each);
  if (place >= 0) {
    const top = place * HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + HEIGHT - list.clientHeight;
  }
  drawRows();
  if (each && place >= 0) list.setAttribute("aria-activedescendant", `row-${each.place}`);
  else list.removeAttribute("aria-activedescendant");
}

list.addEventListener("scroll", drawRows, { passive: true });
list.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(list.clientHeight / HEIGHT) - 1);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (!(event.key in steps) || !matching.length) return;
  event.preventDefault();
  const from = matching.indexOf(chosen);
  const to = from < 0 ? 0 : Math.min(matching.length - 1, Math.max(0, from + steps[event.key]));
  choose(matching[to]);
});
