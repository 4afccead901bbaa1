"use strict";
// The report, read once from the page, and what every part of the page asks of it.
const report = JSON.parse(document.getElementById("data").textContent);
const VERDICTS = ["conflict", "missing", "drifted", "unmanaged", "pending", "unknown", "in-sync"];
const objects = report.objects.map((each, place) => {
  const told = each.told || [], rows = each.rows || [];
  const texts = [each.kind, each.name, each.path, ...told.flatMap((one) => [one.reason, one.action, one.about, one.author ? one.author.name : ""]), ...rows.map((row) => row.path)];
  return { ...each, told, rows, reach: each.reach || [], place, id: `${each.kind}/${each.name}`, text: texts.join("\n").toLowerCase() };
});
objects.sort((one, other) => VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict) || one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name, undefined, { numeric: true }));
const byPlace = [];
const byId = new Map();
for (const each of objects) { byPlace[each.place] = each; byId.set(each.id, each); }

// An element with attributes and children; text only ever becomes text.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function shape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function plain(value) {
  return value === undefined ? "not set" : typeof value === "string" ? value : JSON.stringify(value);
}

const badge = (verdict) => make("span", { class: `badge v-${verdict}` }, verdict);
