// What the top of the page shows: where the models stand, a download, the runtime's facts.

import { bytes, count, isoSeconds, seconds } from "./format.js";

const element = (id) => document.getElementById(id);

const KINDS = {
  ready: "ready",
  selecting: "busy",
  downloading: "busy",
  loading: "busy",
  draining: "busy",
  idle: "unknown",
  failed: "failed",
  "not-available": "failed",
};

export function showState(state) {
  const serving = state.serving?.type;
  const preparing = state.preparing?.type;
  const kind = serving === "ready" ? "ready" : (KINDS[preparing ?? serving] ?? "unknown");
  element("dot").dataset.kind = kind;
  element("state").textContent = shortly(state);
  element("state").title = state.message;
  showDownload(state.preparing);
  document.title = kind === "ready" ? "Finch" : `Finch – ${shortly(state)}`;
}

function shortly({ serving, preparing, message }) {
  if (serving?.type === "ready") return `${serving.info.name} is ready`;
  switch (preparing?.type) {
    case "downloading":
      return preparing.progress.phase === "VERIFYING" ? "Verifying the model" : "Getting the model";
    case "loading":
      return `Loading ${preparing.spec.name} ${Math.round(preparing.fraction * 100)} %`;
    default:
      return message;
  }
}

function showDownload(preparing) {
  const running = preparing?.type === "downloading" && preparing.progress.phase !== "DONE";
  element("download").hidden = !running;
  if (!running) return;
  const { committedBytes, totalBytes, bytesPerSecond, remaining } = preparing.progress;
  const percent = totalBytes > 0 ? (100 * committedBytes) / totalBytes : 0;
  const bar = element("download-bar");
  bar.style.width = `${percent}%`;
  bar.setAttribute("aria-valuenow", String(Math.floor(percent)));
  element("download-name").textContent = preparing.spec.name;
  const figures = [`${Math.floor(percent)} %`];
  if (totalBytes > 0) figures.push(`${bytes(committedBytes)} of ${bytes(totalBytes)}`);
  if (bytesPerSecond > 0) figures.push(`${bytes(bytesPerSecond)}/s`);
  const left = isoSeconds(remaining);
  if (left !== null) figures.push(`${seconds(left)} left`);
  element("download-figures").textContent = figures.join(" · ");
}

export function lost() {
  element("dot").dataset.kind = "failed";
  element("state").textContent = "Finch does not answer; trying again";
  element("download").hidden = true;
}

export function showFacts(status) {
  const model = status.model;
  const facts = [["State", status.message]];
  if (model) {
    facts.push(
      ["Model", model.name],
      ["Parameters", `${count(model.parameters)} (${model.quantization})`],
      ["Context", `${count(model.contextLength)} tokens`],
      ["Memory", bytes(model.weightBytes + model.kvCacheBytes)],
      ["Slots", `${status.busySlots} of ${model.slots} busy, ${status.queued} waiting`],
      ["Engine", `${model.library}, ${model.device}`],
    );
  }
  facts.push(
    ["Claude", status.cloudDetail],
    ["Up for", seconds(isoSeconds(status.uptime) ?? 0)],
    ["Version", status.version],
  );
  element("facts").replaceChildren(...facts.map(fact));
}

function fact([name, value]) {
  const group = document.createElement("div");
  const term = document.createElement("dt");
  const description = document.createElement("dd");
  term.textContent = name;
  description.textContent = value;
  group.append(term, description);
  return group;
}
