// Drives a running Finch by the npm clients; argument: its base URL. Prints OK, or fails.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { Ollama } from "ollama";
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

// Tools and structured output, by each client.
const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const weather = { name: "weather", description: "The weather.", parameters: schema };
const tools = [{ type: "function", function: { ...weather, strict: true } }];
const called = await openai.chat.completions.create({ model: "auto", messages, tools });
assert.equal(called.choices[0].finish_reason, "tool_calls");
assert.equal(called.choices[0].message.tool_calls[0].function.name, "weather");
assert.deepEqual(JSON.parse(called.choices[0].message.tool_calls[0].function.arguments), {
  city: "Bern",
});
const runner = await openai.chat.completions.stream({ model: "auto", messages, tools });
const final = await runner.finalMessage();
assert.equal(final.tool_calls[0].function.arguments, '{"city":"Bern"}');
const format = { type: "json_schema", json_schema: { name: "place", schema, strict: true } };
const parsed = await openai.chat.completions.parse({
  model: "auto",
  messages,
  response_format: format,
});
assert.deepEqual(JSON.parse(parsed.choices[0].message.content), { city: "Bern" });

const flat = { type: "function", ...weather, strict: true };
const foreign = [{ type: "web_search" }, flat, { type: "custom", name: "apply_patch" }];
const responded = await openai.responses.create({ model: "auto", input: "hi", tools: foreign });
assert.equal(responded.output[0].type, "function_call");
assert.equal(responded.output[0].arguments, '{"city":"Bern"}');
const events = await openai.responses.create({
  model: "auto",
  input: "hi",
  tools: foreign,
  stream: true,
});
let completed;
for await (const event of events) if (event.type === "response.completed") completed = event;
assert.equal(completed.response.output[0].name, "weather");
const shaped = await openai.responses.create({
  model: "auto",
  input: "hi",
  text: { format: { type: "json_schema", name: "place", schema, strict: true } },
});
assert.deepEqual(JSON.parse(shaped.output_text), { city: "Bern" });

const claudeTools = [{ name: "weather", input_schema: schema }];
const used = await anthropic.messages.create({ ...asked, tools: claudeTools });
assert.equal(used.stop_reason, "tool_use");
assert.deepEqual(used.content[0].input, { city: "Bern" });
const usedLater = await anthropic.messages.stream({ ...asked, tools: claudeTools }).finalMessage();
assert.deepEqual(usedLater.content[0].input, { city: "Bern" });
assert.equal(usedLater.usage.input_tokens, 4);
const formed = await anthropic.messages.create({
  ...asked,
  output_config: { format: { type: "json_schema", schema } },
});
assert.deepEqual(JSON.parse(formed.content[0].text), { city: "Bern" });

const ollama = new Ollama({ host: base });
const listed = await ollama.list();
assert.ok(listed.models.every((model) => model.name.includes(":")));
const ollamaUsed = await ollama.chat({ model: "auto", messages, tools });
assert.deepEqual(ollamaUsed.message.tool_calls[0].function.arguments, { city: "Bern" });
const ollamaFormed = await ollama.chat({ model: "auto", messages, format: schema });
assert.deepEqual(JSON.parse(ollamaFormed.message.content), { city: "Bern" });

console.log("OK");
