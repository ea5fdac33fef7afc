package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.RuntimeStatus;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The facts of the running engine stand in what {@code finch status} prints. */
final class StatusReportTest {

  private static final ModelInfo MODEL =
      new ModelInfo(
          ModelReference.BUILT_IN,
          "tiny",
          "qwen2",
          1,
          "Q8_0",
          4096,
          4,
          6,
          "CPU",
          500_000_000,
          48_000_000,
          true,
          "llama.cpp b4916",
          true,
          true,
          List.of("ChatML stands in."));
  private static final RuntimeStatus STATUS =
      new RuntimeStatus(
          "1",
          Duration.ofSeconds(5),
          RuntimeState.of(new ModelState.Ready(MODEL), null),
          Optional.ofNullable(MODEL),
          1,
          2,
          0,
          false,
          "no key",
          false,
          Map.of());

  @Test
  void asText() {
    String text = Tables.status(STATUS);

    assertTrue(text.contains("llama.cpp b4916 on CPU, 6 threads, context 4096 tokens"), text);
    assertTrue(text.contains("1 of 4 busy, 2 queued"), text);
    assertTrue(text.contains("mapped from the file, context 48.0 MB"), text);
    assertTrue(text.contains("note       ChatML stands in."), text);
  }

  @Test
  void asJson() {
    JsonNode engine = ReportJson.status(STATUS).get("engine");

    assertEquals("llama.cpp b4916", engine.get("library").textValue());
    assertEquals("ChatML stands in.", ReportJson.status(STATUS).at("/notes/0").textValue());
    assertEquals("CPU", engine.get("device").textValue());
    assertEquals(6, engine.get("threads").intValue());
    assertEquals(4096, engine.get("context_length").intValue());
    assertEquals(4, engine.get("slots").intValue());
    assertEquals(48_000_000, engine.get("kv_cache_bytes").longValue());
    assertTrue(engine.get("memory_mapped").booleanValue());
  }
}
