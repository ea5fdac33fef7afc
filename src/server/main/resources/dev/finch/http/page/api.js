// The server's operations that the page uses. The key lives in this tab only.

const KEY = "finch-key";

export class Failed extends Error {
  constructor(message, hint, retryable) {
    super(message);
    this.hint = hint;
    this.retryable = retryable;
  }
}

export function rememberKey(key) {
  sessionStorage.setItem(KEY, key);
}

function headers(more = {}) {
  const key = sessionStorage.getItem(KEY);
  return key ? { ...more, Authorization: `Bearer ${key}` } : more;
}

async function failureOf(response) {
  try {
    const { failure } = await response.json();
    const error = new Failed(failure.message, failure.hint, failure.retryable);
    error.status = response.status;
    return error;
  } catch {
    return new Failed(`Finch answered with status ${response.status}.`, null, true);
  }
}

export async function get(path) {
  const response = await fetch(path, { headers: headers() });
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

/** Every line of a streamed response, without its end. */
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts;
  }
}

/** The events of one answer; ends with `finished` or throws. */
export async function* generate(request, signal) {
  const response = await fetch("v1/finch/generate", {
    method: "POST",
    headers: headers({ "Content-Type": "application/json" }),
    body: JSON.stringify(request),
    signal,
  });
  if (!response.ok) throw await failureOf(response);
  for await (const line of lines(response)) {
    if (!line) continue;
    const event = JSON.parse(line);
    if (event.type === "failed" || (event.failure && !event.type)) {
      const { message, hint, retryable } = event.failure;
      throw new Failed(message, hint, retryable);
    }
    yield event;
    if (event.type === "finished") return;
  }
  throw new Failed("The connection was lost in the middle of the answer.", null, true);
}

/** The state now and every change of it; throws when the connection ends. */
export async function* states(signal) {
  const response = await fetch("v1/finch/events", { headers: headers(), signal });
  if (!response.ok) throw await failureOf(response);
  for await (const line of lines(response)) {
    if (line.startsWith("data: ")) yield JSON.parse(line.slice("data: ".length));
  }
  throw new Failed("The connection to Finch was lost.", null, true);
}
