package dev.finch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Part;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AnswerCollectorTest {

  private static final Timings NO_TIME =
      Timings.of(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0);

  private static Answer collected(FinishReason reason, AnswerEvent... events) {
    AnswerCollector collector = new AnswerCollector();
    collector.add(new AnswerEvent.Started(Provenance.claude("m", RouteReason.MODEL_NOT_READY)));
    List.of(events).forEach(collector::add);
    collector.add(new AnswerEvent.Finished(reason, TokenUsage.NONE, NO_TIME, Cost.FREE));
    return collector.answer();
  }

  @Test
  void partsStandInTheOrderInWhichTheyCame() {
    Answer answer =
        collected(
            FinishReason.TOOL_CALLS,
            new AnswerEvent.Reasoning("a"),
            new AnswerEvent.Reasoning("b"),
            new AnswerEvent.Reasoning("", "s1"),
            new AnswerEvent.Reasoning("c", "s2"),
            AnswerEvent.Reasoning.redacted("r"),
            new AnswerEvent.Delta("x"),
            new AnswerEvent.Delta("y"),
            new AnswerEvent.ToolCallStarted(0, "t", "f"),
            new AnswerEvent.ToolCallArguments(0, "{}"),
            new AnswerEvent.Delta("z"),
            new AnswerEvent.Reasoning("d"));

    assertEquals(
        List.of(
            new Part.Thought("ab", "s1"),
            new Part.Thought("c", "s2"),
            new Part.Redacted("r"),
            new Part.Text("xy"),
            new Part.Called(new ToolCall("t", "f", "{}")),
            new Part.Text("z"),
            new Part.Thought("d", null)),
        answer.parts());
    assertEquals("xyz", answer.text());
    assertEquals("abcd", answer.reasoning());
  }

  /** Whoever asked for a whole answer would call a tool with what was not meant. */
  @ParameterizedTest
  @EnumSource(
      value = FinishReason.class,
      names = {"LENGTH", "CONTEXT_FULL", "STOP_SEQUENCE", "STOP"})
  void aCallThatIsCutIsNone(FinishReason reason) {
    String arguments = "{\"a\":\"}\\\"\",\"b\":[{\"c\":1}]}";
    for (int cut = 0; cut <= arguments.length(); cut++) {
      List<AnswerEvent> events = new ArrayList<>();
      events.add(new AnswerEvent.ToolCallStarted(0, "t0", "whole"));
      events.add(new AnswerEvent.ToolCallArguments(0, "{}"));
      events.add(new AnswerEvent.ToolCallStarted(1, "t1", "half"));
      if (cut > 0) {
        events.add(new AnswerEvent.ToolCallArguments(1, arguments.substring(0, cut)));
      }
      Answer answer = collected(reason, events.toArray(AnswerEvent[]::new));
      assertEquals(cut < arguments.length() ? 1 : 2, answer.toolCalls().size(), "cut at " + cut);
      assertEquals(answer.toolCalls().size(), answer.parts().size());
    }
  }
}
