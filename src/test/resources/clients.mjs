// Drives a running Finch by the npm clients; argument: its base URL. Prints OK, or fails.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const base = process.argv[2];
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: "any", maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: base, apiKey: "any", maxRetries: 0 });
const messages = [{ role: "user", content: "hi" }];
const broken = [{ role: "user", content: "break" }];

const chat = await openai.chat.completions.create({ model: "auto", messages });
assert.equal(chat.choices[0].message.content, "Hello, world.");

let text = "";
const options = { include_usage: true };
const chunks = await openai.chat.completions.create({
  model: "auto",
  messages,
  stream: true,
  stream_options: options,
});
for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? "";
assert.equal(text, "Hello, world.");

const response = await openai.responses.create({ model: "auto", input: "hi" });
assert.equal(response.output_text, "Hello, world.");

const embedding = await openai.embeddings.create({ model: "auto", input: "hi" });
assert.ok(Math.abs(embedding.data[0].embedding[1] - 0.8) < 1e-6);

await assert.rejects(openai.chat.completions.create({ model: "gpt-7", messages }), { status: 404 });
await assert.rejects(async () => {
  const stream = await openai.chat.completions.create({
    model: "auto",
    messages: broken,
    stream: true,
  });
  for await (const _ of stream);
});

const asked = { model: "auto", max_tokens: 64, messages };
const message = await anthropic.messages.create(asked);
assert.equal(message.content[0].text, "Hello, world.");
const streamed = await anthropic.messages.stream(asked).finalMessage();
assert.equal(streamed.content[0].text, "Hello, world.");
assert.equal(streamed.stop_reason, "end_turn");
const counted = await anthropic.messages.countTokens({ model: "auto", messages });
assert.equal(counted.input_tokens, 42);
await assert.rejects(anthropic.messages.stream({ ...asked, messages: broken }).finalMessage());

console.log("OK");
