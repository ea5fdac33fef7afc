// Puts the page together and listens to its reader.

import { get, rememberKey, states } from "./api.js";
import { Chat } from "./chat.js";
import { count, dollars } from "./format.js";
import { lost, showFacts, showState } from "./state.js";

const SUGGESTIONS = ["What can you do?", "What is the capital of France?", "Tell me a short story."];
const RECONNECT_MILLIS = 2000;
const PRIVACY = "finch-privacy";
const ONLY_HERE = "local-only";

const element = (id) => document.getElementById(id);
const prompt = element("prompt");
const chat = new Chat(element("turns"), element("conversation"), privacy, () => {
  refresh();
  if (!chat.busy) showUsage();
});

function privacy() {
  return document.querySelector("input[name=privacy]:checked").value;
}

function refresh() {
  element("welcome").hidden = element("turns").childElementCount > 0;
  element("send").hidden = chat.busy;
  element("stop").hidden = !chat.busy;
  element("send").disabled = prompt.value.trim() === "";
}

function fit() {
  prompt.style.height = "auto";
  prompt.style.height = `${prompt.scrollHeight}px`;
  refresh();
}

function send(text) {
  if (text.trim() === "" || chat.busy) return;
  if (chat.isPrivate && privacy() !== ONLY_HERE) {
    askAboutPrivate(privacy());
    return;
  }
  prompt.value = "";
  fit();
  chat.ask(text);
}

function choose(value) {
  document.querySelector(`input[name=privacy][value=${value}]`).checked = true;
  localStorage.setItem(PRIVACY, value);
}

/** What was said under "Only here" stays here until the reader has chosen; until then so does all. */
function askAboutPrivate(wanted) {
  choose(ONLY_HERE);
  const dialog = element("private-dialog");
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue === "new") {
        chat.clear();
        choose(wanted);
        refresh();
      }
      prompt.focus();
    },
    { once: true },
  );
  dialog.showModal();
}

async function showUsage() {
  try {
    const [status, ledger] = await Promise.all([get("v1/finch/status"), ledgerOrNone()]);
    showFacts(status);
    const local = Object.entries(status.requestsByReason)
      .filter(([reason]) => reason.startsWith("local/"))
      .reduce((sum, [, number]) => sum + number, 0);
    element("usage").textContent =
      `${count(local)} here` +
      (ledger === null
        ? ""
        : `, ${count(ledger.requests)} by Claude · ` +
          `${dollars(ledger.microDollars)} spent, ${dollars(ledger.savedMicroDollars)} saved`);
  } catch (error) {
    await askForKey(error);
  }
}

/** Only admin keys may see what all keys spent. */
function ledgerOrNone() {
  return get("v1/finch/ledger").catch((error) => {
    if (error.status === 403) return null;
    throw error;
  });
}

async function follow() {
  for (;;) {
    try {
      for await (const state of states()) showState(state);
    } catch (error) {
      if (await askForKey(error)) continue;
      lost();
    }
    await new Promise((wake) => setTimeout(wake, RECONNECT_MILLIS));
  }
}

let asking = null;

/** Where the key was refused: asks for one and says that it came. */
function askForKey(error) {
  if (error.status !== 401) return Promise.resolve(false);
  asking ??= new Promise((given) => {
    const dialog = element("key-dialog");
    dialog.addEventListener(
      "close",
      () => {
        rememberKey(element("key").value);
        asking = null;
        given(true);
        showUsage();
      },
      { once: true },
    );
    dialog.showModal();
  });
  return asking;
}

element("suggestions").append(
  ...SUGGESTIONS.map((text) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => send(text));
    item.append(button);
    return item;
  }),
);

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send(prompt.value);
});

prompt.addEventListener("input", fit);
prompt.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(prompt.value);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chat.busy) chat.stop();
  if (event.key === "/" && document.activeElement === document.body) {
    event.preventDefault();
    prompt.focus();
  }
});

element("stop").addEventListener("click", () => chat.stop());

element("clear").addEventListener("click", () => {
  chat.clear();
  refresh();
  prompt.focus();
});

element("details-toggle").addEventListener("click", (event) => {
  const details = element("details");
  details.hidden = !details.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!details.hidden));
  if (!details.hidden) showUsage();
});

for (const choice of document.querySelectorAll("input[name=privacy]")) {
  choice.checked = choice.value === (localStorage.getItem(PRIVACY) ?? "local-first");
  choice.addEventListener("change", () => {
    if (chat.isPrivate && choice.value !== ONLY_HERE) askAboutPrivate(choice.value);
    else localStorage.setItem(PRIVACY, choice.value);
  });
}

refresh();
prompt.focus();
showUsage();
follow();
