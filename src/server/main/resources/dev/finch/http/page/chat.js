// One conversation: its turns on the page, and the answer that is being written.

import { generate } from "./api.js";
import { dollars, isoSeconds, plural } from "./format.js";

const REASONS = {
  MODEL_READY: "the local model is ready",
  MODEL_NOT_READY: "the local model is not ready yet",
  LOCAL_BUSY: "the local model is busy",
  CONTEXT_OVERFLOW: "the prompt is longer than the local model's context",
  LOCAL_FAILED: "the local model failed",
  ASKED_FOR_CLAUDE: "Claude was asked for",
  ASKED_FOR_LOCAL: "a local answer was asked for",
  CLOUD_FIRST: "policy prefers the cloud",
  BREAKER_OPEN: "Claude has been failing",
  BUDGET_SPENT: "the cloud budget is spent",
  NO_API_KEY: "there is no API key for Claude",
  CLOUD_DISABLED: "the cloud is switched off",
  CLAUDE_FAILED: "Claude failed",
  OFFLINE: "the network is unreachable",
  NOTHING_ELSE: "nothing else can answer",
  IMAGE: "the conversation shows an image, which the local model does not read",
  SHADOW: "asked beside another, to compare",
};

const PLACES = { local: "This machine", claude: "Claude", peer: "Another machine" };
const ONLY_HERE = "LOCAL_ONLY";

function wireName(privacy) {
  return privacy.toUpperCase().replace("-", "_");
}

function request(messages, privacy) {
  return { prompt: { type: "conversation", messages }, privacy };
}

function answer(content, privacy) {
  return { role: "ASSISTANT", content, privacy };
}

export class Chat {
  #turns;
  #messages = [];
  #running = null;
  #failed = null;
  #scroller;
  #privacy;
  #changed;

  /** `privacy` gives what is chosen now; `changed` is called whenever an answer begins or ends. */
  constructor(turns, scroller, privacy, changed) {
    this.#turns = turns;
    this.#scroller = scroller;
    this.#privacy = privacy;
    this.#changed = changed;
  }

  /** Whether anything was said under "Only here", so that the whole chat stays on this machine. */
  get isPrivate() {
    return this.#messages.some((message) => message.privacy === ONLY_HERE);
  }

  get busy() {
    return this.#running !== null;
  }

  stop() {
    this.#running?.abort();
  }

  clear() {
    this.stop();
    this.#messages = [];
    this.#failed = null;
    this.#turns.replaceChildren();
  }

  /** Asks and writes the answer; resolves when it has ended, however it ended. */
  async ask(text) {
    this.#failed?.giveUp();
    this.#failed = null;
    const turn = this.#add("user");
    turn.text.textContent = text;
    await this.#answer(text, turn);
  }

  async #answer(text, asked) {
    // What a stopped answer brings belongs to the chat that it was asked in, not to a new one.
    const messages = this.#messages;
    const secret =
      asked.item.dataset.privacy === ONLY_HERE ||
      messages.some((message) => message.privacy === ONLY_HERE);
    const privacy = secret
      ? ONLY_HERE
      : wireName(this.#privacy());
    // Privacy belongs to what was said: it holds for this message whatever is chosen later.
    const mark = privacy === ONLY_HERE ? ONLY_HERE : "LOCAL_FIRST";
    asked.item.dataset.privacy = mark;
    const question = { role: "USER", content: text, privacy: mark };
    const turn = this.#add("assistant");
    const running = new AbortController();
    this.#running = running;
    turn.item.classList.add("running");
    this.#changed();
    let whole = "";
    let who = null;
    try {
      for await (const event of generate(request([...messages, question], privacy), running.signal)) {
        if (event.type === "queued") turn.say(`Waiting, number ${event.position} in line`);
        if (event.type === "started") who = event.provenance;
        if (event.type === "reasoning") turn.think(event.text);
        if (event.type === "delta") {
          whole += event.text;
          turn.text.append(event.text);
        }
        if (event.type === "started") turn.say("");
        if (event.type === "finished") turn.source(who, event);
        this.#follow();
      }
      messages.push(question, answer(whole, mark));
    } catch (error) {
      // A question without an answer is no part of the chat, or the next one would be glued to it.
      if (running.signal.aborted && whole) messages.push(question, answer(whole, mark));
      if (messages === this.#messages) this.#broken(turn, error, running.signal.aborted, text, asked);
    } finally {
      turn.item.classList.remove("running");
      if (this.#running === running) this.#running = null;
      this.#follow();
      this.#changed();
    }
  }

  #broken(turn, error, stopped, text, asked) {
    if (stopped) {
      turn.say("Stopped.");
      return;
    }
    this.#failed = turn;
    turn.problem(error, () => {
      if (this.busy) return;
      turn.item.remove();
      this.#failed = null;
      this.#answer(text, asked);
    });
    this.#follow(true);
  }

  #add(role) {
    const turn = new Turn(role);
    this.#turns.append(turn.item);
    this.#follow(true);
    return turn;
  }

  /** Keeps the end in sight while the reader has not scrolled away from it. */
  #follow(always = false) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    if (always || scrollHeight - scrollTop - clientHeight < 120) {
      this.#scroller.scrollTo({ top: scrollHeight, behavior: "instant" });
    }
  }
}

class Turn {
  #source = paragraph("source");
  #thought = null;

  constructor(role) {
    this.item = document.createElement("li");
    this.item.className = `turn ${role}`;
    this.text = paragraph("text");
    this.item.append(this.text);
  }

  think(piece) {
    if (!this.#thought) {
      this.#thought = paragraph("thought");
      this.text.before(this.#thought);
    }
    this.#thought.append(piece);
  }

  say(text) {
    this.#source.textContent = text;
    this.item.append(this.#source);
  }

  /** Who answered, why, how fast and at what price. */
  source(who, { usage, timings, cost }) {
    const badge = document.createElement("span");
    const provider = who.provider.toLowerCase();
    badge.className = "badge";
    badge.dataset.provider = provider;
    badge.textContent = PLACES[provider] ?? provider;
    const facts = [who.model];
    if (who.demonstration) facts.push("a demonstration model");
    if (who.reason !== "MODEL_READY") facts.push(REASONS[who.reason] ?? who.reason);
    facts.push(plural(usage.completionTokens, "token", "tokens"));
    const total = isoSeconds(timings.total);
    if (total) facts.push(`${total.toFixed(1)} s`);
    if (timings.completionPerSecond > 0) {
      facts.push(`${timings.completionPerSecond.toFixed(0)} tokens/s`);
    }
    if (provider !== "local" && cost.known) facts.push(dollars(cost.microDollars));
    this.#source.replaceChildren(badge, facts.join(" · "));
    this.item.append(this.#source);
  }

  /** Another question was asked: this one cannot be tried again in its place. */
  giveUp() {
    this.item.querySelector(".problem button")?.remove();
  }

  problem(error, again) {
    const box = document.createElement("div");
    box.className = "problem";
    box.setAttribute("role", "alert");
    const what = paragraph("");
    what.textContent = error.message;
    box.append(what);
    if (error.hint) {
      const hint = paragraph("hint");
      hint.textContent = error.hint;
      box.append(hint);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Try again";
    button.addEventListener("click", again);
    box.append(button);
    this.item.append(box);
  }
}

function paragraph(name) {
  const element = document.createElement("p");
  element.className = name;
  return element;
}
