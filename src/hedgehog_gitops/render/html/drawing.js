// The fabric drawn by rank: what leads out, spines, leaves, and servers below the leaf that they hang on.
const drawing = document.getElementById("drawing");
const scene = shape("g", {});
drawing.append(scene);
const WIDE = 96, HIGH = 26, GAP = 18, RISE = 110, PER_ROW = 4;
const nodes = new Map(), wires = [], near = new Map();
let view = { x: 0, y: 0, scale: 1 }, extent = { width: 1, height: 1 };

function rankOf(each) {
  if (each.kind === "External" || each.kind === "Gateway") return 0;
  if (each.kind === "Server") return 3;
  return each.spec.role === "spine" ? 1 : 2;
}

// A leaf with its servers below it, as one block.
function podOf(leaf, servers) {
  const columns = Math.max(1, Math.min(PER_ROW, servers.length));
  const rows = Math.ceil(servers.length / columns);
  return { leaf, servers, columns, width: columns * (WIDE + GAP) + GAP * 2, height: RISE + rows * (HIGH + 12) };
}

// Blocks in as many rows as make the whole about twice as wide as it is high; returns its width.
function placePods(pods, places) {
  const wide = pods.reduce((sum, pod) => sum + pod.width, 0), high = Math.max(0, ...pods.map((pod) => pod.height));
  const limit = Math.max(wide / Math.max(1, Math.round(Math.sqrt(wide / (2 * (high + RISE))))), WIDE);
  let x = 0, y = 2 * RISE, tall = 0, total = 0;
  for (const pod of pods) {
    if (x && x + pod.width > limit + 1) { x = 0; y += tall + GAP * 2; tall = 0; }
    if (pod.leaf) places.set(pod.leaf.place, [x + pod.width / 2, y]);
    pod.servers.forEach((server, place) => places.set(server.place, [
      x + GAP + (place % pod.columns + 0.5) * (WIDE + GAP), y + RISE * 0.7 + Math.floor(place / pod.columns) * (HIGH + 12)]));
    x += pod.width;
    tall = Math.max(tall, pod.height);
    total = Math.max(total, x);
  }
  return total;
}

function layOut() {
  const ranks = [[], [], [], []];
  for (const each of byPlace) if (["Switch", "Server", "Gateway", "External"].includes(each.kind)) ranks[rankOf(each)].push(each);
  for (const [, one, other] of report.links) {
    near.set(one, [...(near.get(one) || []), other]);
    near.set(other, [...(near.get(other) || []), one]);
  }
  const places = new Map();
  const below = new Map(ranks[2].map((leaf) => [leaf.place, []]));
  const strays = [];
  for (const server of ranks[3]) {
    const leaf = (near.get(server.place) || []).filter((place) => below.has(place)).sort((a, b) => a - b)[0];
    (leaf === undefined ? strays : below.get(leaf)).push(server);
  }
  const pods = ranks[2].map((leaf) => podOf(leaf, below.get(leaf.place)));
  if (strays.length) pods.push(podOf(null, strays));
  const total = placePods(pods, places);
  const width = Math.max(total, ...[0, 1].map((rank) => ranks[rank].length * (WIDE + GAP)), WIDE);
  for (const rank of [0, 1]) ranks[rank].forEach((each, place) => places.set(each.place, [width * (place + 0.5) / ranks[rank].length, rank * RISE]));
  extent = { width, height: Math.max(...[...places.values()].map(([, y]) => y), 0) + HIGH };
  return places;
}

function drawAll() {
  const places = layOut(), lines = shape("g", {}), boxes = shape("g", {});
  for (const [connection, one, other] of report.links) {
    if (!places.has(one) || !places.has(other)) continue;
    const [[x1, y1], [x2, y2]] = [places.get(one), places.get(other)].sort((a, b) => a[1] - b[1]);
    const drop = y1 === y2 ? 0 : HIGH / 2;
    const verdict = byPlace[connection].verdict;
    const wire = shape("line", { class: `wire v-${verdict}`, x1, y1: y1 + drop, x2, y2: y2 - drop });
    wires.push({ wire, connection, ends: [one, other] });
    lines.append(wire);
  }
  for (const [place, [x, y]] of places) {
    const each = byPlace[place], box = shape("g", { class: `node v-${each.verdict}`, transform: `translate(${x} ${y})` });
    const name = shape("text", {}), title = shape("title", {});
    name.textContent = each.name.length > 14 ? `${each.name.slice(0, 13)}…` : each.name;
    title.textContent = `${each.kind} ${each.name}: ${each.verdict}`;
    box.append(title, shape("rect", { x: -WIDE / 2, y: -HIGH / 2, width: WIDE, height: HIGH }), name);
    box.addEventListener("click", () => choose(each));
    nodes.set(each, box);
    boxes.append(box);
  }
  drawing.classList.toggle("crowded", wires.length > 300);
  scene.append(lines, boxes);
  showWhole();
}

function dimDrawing(kept) {
  const places = kept && new Set([...kept].map((each) => each.place));
  for (const [each, box] of nodes) box.classList.toggle("dim", Boolean(kept) && !kept.has(each));
  for (const { wire, connection } of wires) wire.classList.toggle("dim", Boolean(kept) && !places.has(connection));
}

function markDrawing(each) {
  const reached = new Set(each ? [each.id, ...each.reach] : []);
  for (const [other, box] of nodes) box.classList.toggle("chosen", reached.has(other.id));
  for (const { wire, connection, ends } of wires) wire.classList.toggle("lit", Boolean(each) && (connection === each.place || ends.includes(each.place)));
}

function place() {
  scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  drawing.classList.toggle("far", view.scale < 0.45);
}

function showWhole() {
  const { width, height } = drawing.getBoundingClientRect();
  view.scale = Math.min(1.4, width / (extent.width + 2 * GAP), (height - 50) / (extent.height + 2 * GAP));
  view.x = (width - extent.width * view.scale) / 2;
  view.y = 50 + HIGH * view.scale + Math.max(0, (height - 50 - (extent.height + HIGH) * view.scale) / 2);
  place();
}

// A sheet is no screen: there the drawing takes whatever room it gets.
function showOnPaper() {
  drawing.setAttribute("viewBox", `${-GAP} ${-HIGH} ${extent.width + 2 * GAP} ${extent.height + HIGH + GAP}`);
  scene.removeAttribute("transform");
}

function showOnScreen() {
  drawing.removeAttribute("viewBox");
  place();
}

function zoom(factor, x, y) {
  const rect = drawing.getBoundingClientRect(), [cx, cy] = [x ?? rect.width / 2, y ?? rect.height / 2];
  const scale = Math.min(6, Math.max(0.02, view.scale * factor));
  view = { x: cx - (cx - view.x) * scale / view.scale, y: cy - (cy - view.y) * scale / view.scale, scale };
  place();
}

drawing.addEventListener("wheel", (event) => {
  event.preventDefault();
  const rect = drawing.getBoundingClientRect();
  zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - rect.left, event.clientY - rect.top);
}, { passive: false });
let grip = null;
drawing.addEventListener("pointerdown", (event) => { grip = [event.clientX - view.x, event.clientY - view.y]; });
addEventListener("pointermove", (event) => {
  if (!grip) return;
  drawing.classList.add("moving");
  [view.x, view.y] = [event.clientX - grip[0], event.clientY - grip[1]];
  place();
});
addEventListener("pointerup", () => { grip = null; drawing.classList.remove("moving"); });
drawing.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
  if (event.key in steps) { view.x += steps[event.key][0]; view.y += steps[event.key][1]; place(); }
  else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") showWhole();
  else return;
  event.preventDefault();
});
