package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.RandomCases;
import dev.finch.engine.calls.ToolFormat;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.jinja.Template;
import dev.finch.jinja.TemplateException;
import java.io.IOException;
import java.time.Year;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatTemplateTest {

  private static final List<String> CONTROLS =
      List.of("<s>", "</s>", "<|im_start|>", "<|im_end|>", "<think>");
  private static final Tool CLOCK = Tool.of("clock", "Tells the time", "{\"type\":\"object\"}");
  private static final ChatMessage SYSTEM = ChatMessage.system("Be brief.");
  private static final ChatMessage USER = ChatMessage.user("Hello 🐦");
  private static final ChatMessage ASSISTANT = ChatMessage.assistant("Hi.");

  private static ChatTemplate.Rendered render(
      @Nullable String template, List<ChatMessage> messages, List<Tool> tools) {
    return ChatTemplate.of(template, "<s>", "</s>", CONTROLS).render(messages, tools, true);
  }

  private static ChatTemplate.Rendered named(
      String template, List<ChatMessage> messages, List<Tool> tools) throws IOException {
    return render(GoldenTemplatesTest.template(template), messages, tools);
  }

  @Test
  void aModelWithoutATemplateGetsChatMlAndSaysSo() {
    ChatTemplate.Rendered rendered = render(null, List.of(SYSTEM, USER), List.of());
    assertTrue(rendered.fallback());
    assertEquals(
        """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        Hello 🐦<|im_end|>
        <|im_start|>assistant
        """,
        rendered.text());
    assertEquals(1, rendered.notes().size());
  }

  @Test
  void aTemplateThatCannotBeRenderedGetsChatMlWithTheReason() {
    ChatTemplate.Rendered rendered =
        render("{{ messages | no_such_filter }}", List.of(USER), List.of(CLOCK));
    assertTrue(rendered.fallback());
    assertTrue(rendered.text().contains("clock"), "the tools must not be lost");
    assertTrue(rendered.notes().getFirst().contains("no_such_filter"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages | no_such_filter }}",
        "{{ messages[0].content",
        "{% include 'x' %}",
        "{{ nobody.name }}",
        "{{ messages.getClass() }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set ns = namespace(x=['a']) %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x] %}"
            + "{% endfor %}{{ ns.x | string }}",
        "{% set ns = namespace(x=('a',)) %}{% for i in range(40) %}{% set ns.x = (ns.x, ns.x) %}"
            + "{% endfor %}{{ [ns.x] | unique | list }}"
      })
  void chatMlStandsInWithTheLineOfWhatCannotBeRendered(String wrong) {
    ChatTemplate.Rendered rendered = render("a\n\n" + wrong, List.of(USER), List.of());
    assertTrue(rendered.fallback());
    String note = rendered.notes().getFirst();
    assertTrue(note.contains("line 3, column "), note);
    assertTrue(note.endsWith("ChatML is used instead."), note);
    assertEquals(rendered.notes(), notes("a\n\n" + wrong, null));
  }

  private static List<String> notes(@Nullable String template, @Nullable String toolTemplate) {
    return ChatTemplate.of(template, toolTemplate, "<s>", "</s>", CONTROLS).notes();
  }

  @Test
  void whatATemplateCannotDoIsKnownBeforeAnythingIsSaid() throws IOException {
    String plain = "{% for m in messages %}{{ m.content }}{% endfor %}";
    assertEquals(List.of(), notes(plain, null));
    for (String own : List.of("gemma", "chatml", "mistral", "llama3", "qwen2.5")) {
      assertEquals(List.of(), notes(GoldenTemplatesTest.template(own), null), own);
    }
    assertEquals(
        List.of("The model file has no chat template; ChatML is used instead."), notes(null, null));
    assertEquals(
        List.of(),
        notes("{% if messages[0].role != 'system' %}{{ raise_exception('x') }}{% endif %}", null));
    assertEquals(
        List.of(
            "The model's own template cannot be rendered: this is no chat model"
                + " (line 1, column 19); ChatML is used instead."),
        notes("{{ raise_exception('this is no chat model') }}", null));
    String tools = notes(plain, "{% extends 'x' %}").getFirst();
    assertTrue(tools.startsWith("The model's template for tools cannot be rendered: "), tools);
    assertTrue(tools.endsWith("; its other template is used instead."), tools);
  }

  @Test
  void aTemplateForToolsThatCannotBeRenderedGivesWayToTheOther() {
    String plain = "{% for m in messages %}{{ m.content }}{% endfor %}{{ tools }}";
    ChatTemplate both = ChatTemplate.of(plain, "{% extends 'x' %}", "<s>", "</s>", CONTROLS);
    ChatTemplate.Rendered rendered = both.render(List.of(USER), List.of(CLOCK), true);
    assertFalse(rendered.fallback());
    assertTrue(rendered.text().contains("clock"));
  }

  /** Each takes a simple conversation, and not this one, however it is changed. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " ## ",
      value = {
        "{% if messages[-1].role != 'user' %}{{ raise_exception('end with the user') }}{% endif %}"
            + " ## REFUSED ## end with the user",
        "{% if messages|length > 1 %}{{ raise_exception('one turn only') }}{% endif %}"
            + " ## REFUSED ## one turn only",
        "{% for m in messages %}{% if m.role == 'assistant' %}{{ raise_exception('no ' ~ m.role)"
            + " }}{% endif %}{% endfor %} ## REFUSED ## no assistant",
        "{% for m in messages %}{% if m.role == 'assistant' %}{{ m.no.such }}{% endif %}"
            + "{% endfor %} ## FAILED ## no",
        "{% if messages|length > 1 %}{% for i in range(99999) %}{% for j in range(99999) %}"
            + "{% endfor %}{% endfor %}{% endif %} ## EXHAUSTED ## line 1",
      })
  void whatATemplateDoesNotTakeOfAConversationIsNotSaidByAnother(
      String refusing, TemplateException.Kind kind, String words) {
    String template = refusing + "{% for m in messages %}{{ m.content }}{% endfor %}";
    TemplateException refused =
        assertThrows(
            TemplateException.class,
            () -> render(template, List.of(USER, ASSISTANT, USER, ASSISTANT), List.of()));
    assertEquals(kind, refused.kind());
    assertTrue(ChatTemplate.described(refused).contains(words), refused.getMessage());
    assertEquals("Hello 🐦", render(template, List.of(USER), List.of()).text());
    assertEquals(List.of(), notes(template, null));
  }

  @Test
  void aRefusalIsToldInFewWords() {
    TemplateException refused =
        assertThrows(
            TemplateException.class,
            () ->
                render(
                    "{% if messages|length > 1 %}{{ raise_exception('x' * 9999) }}{% endif %}"
                        + "{{ messages[0].content }}",
                    List.of(USER, ASSISTANT, USER), List.of()));
    assertTrue(ChatTemplate.described(refused).length() < 500);
  }

  /** transformers' continue_final_message has no such template either: the text stands behind. */
  @Test
  void aBeginningGoesOnThoughTheTemplateWantsTheUserLast() {
    String template =
        "{% if messages[-1].role != 'user' %}{{ raise_exception('end with the user') }}{% endif %}"
            + "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<assistant>";
    ChatTemplate.Rendered rendered =
        ChatTemplate.of(template, "<s>", "</s>", CONTROLS)
            .prompt(List.of(ChatMessage.user("Hi"), ChatMessage.assistant("So")), List.of());
    assertEquals("<user>Hi<assistant>So", rendered.text());
    assertFalse(rendered.fallback());
  }

  private static final List<ChatMessage> CALLED =
      List.of(
          ChatMessage.user("Weather?"),
          ChatMessage.assistant("", List.of(new ToolCall("abcdefghi", "weather", "{}"))),
          ChatMessage.toolResult("abcdefghi", "21"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% if m.content is not none %}<A>{{ m.content }}<E>{% endif %}",
        "{% if m.content is none %}{% else %}<A>{{ m.content }}<E>{% endif %}",
        "{% if m.content != none %}<A>{{ m.content }}<E>{% endif %}",
        "{% if m.content is string %}<A>{{ m.content }}<E>{% endif %}",
        "{% if m['content'] %}<A>{{ m['content'] }}<E>{% endif %}"
      })
  void aTurnThatOnlyCallsToolsHasNoContent(String turn) {
    ChatTemplate.Rendered rendered =
        render(
            "{% for m in messages %}"
                + turn
                + "{% for c in m.tool_calls %}<C>{{ c.function.name }}{% endfor %}{% endfor %}",
            CALLED,
            List.of());
    assertEquals("<A>Weather?<E><C>weather<A>21<E>", rendered.text());
    assertEquals(List.of(), rendered.notes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<A>{{ m.content }}<E>",
        "<A>{{ m.content | trim }}<E>",
        "{{ '<A>' + m.content + '<E>' }}",
        "<A>{% if '</think>' in m.content %}{% endif %}{{ m.content }}<E>"
      })
  void whereATemplateCannotTakeNoContentItIsEmpty(String turn) {
    ChatTemplate.Rendered rendered =
        render(
            "{% for m in messages %}"
                + turn
                + "{% for c in m.tool_calls %}<C>{{ c.function.name }}{% endfor %}{% endfor %}",
            CALLED,
            List.of());
    assertEquals("<A>Weather?<E><A><E><C>weather<A>21<E>", rendered.text());
  }

  @Test
  void theTemplateForToolsIsTakenWhenToolsAreGiven() {
    String plain = "{% for m in messages %}{{ m.content }}{% endfor %}";
    String withTools = "TT" + plain + "{{ tools[0].function.name }}";
    ChatTemplate both = ChatTemplate.of(plain, withTools, "<s>", "</s>", CONTROLS);
    assertEquals("Hello 🐦", both.render(List.of(USER), List.of(), true).text());
    ChatTemplate.Rendered rendered = both.render(List.of(USER), List.of(CLOCK), true);
    assertEquals("TTHello 🐦clock", rendered.text());
    assertEquals(List.of(), rendered.notes());
    ChatTemplate onlyTools = ChatTemplate.of(null, withTools, "<s>", "</s>", CONTROLS);
    assertTrue(onlyTools.render(List.of(USER), List.of(), true).fallback());
    assertEquals("TTHello 🐦clock", onlyTools.render(List.of(USER), List.of(CLOCK), true).text());
  }

  @Test
  void theTemplateForToolsSaysHowCallsAreWritten() throws IOException {
    ChatTemplate both =
        ChatTemplate.of(
            GoldenTemplatesTest.template("chatml"),
            GoldenTemplatesTest.template("mistral"),
            "<s>",
            "</s>",
            CONTROLS);
    assertEquals(ToolFormat.MISTRAL, both.render(List.of(USER), List.of(CLOCK), true).toolFormat());
    assertEquals(ToolFormat.HERMES, both.render(List.of(USER), List.of(), true).toolFormat());
  }

  @Test
  void theDateIsTodaysWhereATemplateAsksForIt() {
    String template =
        "{%- if strftime_now is defined %}{%- set d = strftime_now('%Y') %}{%- else %}"
            + "{%- set d = '1999' %}{%- endif %}{{ d }} {{ messages[0].content }}";
    String year = Integer.toString(Year.now().getValue());
    assertTrue(render(template, List.of(USER), List.of()).text().startsWith(year.substring(0, 2)));
  }

  @Test
  void toolsAndMessagesPrintAsPythonPrintsThem() {
    ChatTemplate.Rendered rendered =
        render("{{ messages[0] }}{{ tools }}", List.of(ChatMessage.user("it's")), List.of(CLOCK));
    assertEquals(
        "{'role': 'user', 'content': \"it's\"}[{'type': 'function', 'function': {'name': 'clock',"
            + " 'description': 'Tells the time', 'parameters': {'type': 'object'}}}]",
        rendered.text());
  }

  @Test
  void argumentsThatNestDeeplyDoNotEndTheRequest() throws IOException {
    String deep = "[".repeat(50_000) + "]".repeat(50_000);
    List<ChatMessage> messages =
        List.of(
            USER,
            ChatMessage.assistant("", List.of(new ToolCall("abcdefghi", "clock", deep))),
            ChatMessage.toolResult("abcdefghi", "12:00"));
    assertNotNull(named("qwen2.5", messages, List.of(CLOCK)).text());
  }

  @Test
  void systemTextGoesIntoTheUserTurnWhereATemplateHasNoSystemRole() throws IOException {
    ChatTemplate.Rendered rendered = named("gemma", List.of(SYSTEM, USER), List.of());
    assertFalse(rendered.fallback());
    assertEquals(
        "<s><start_of_turn>user\nBe brief.\n\nHello 🐦<end_of_turn>\n<start_of_turn>model\n",
        rendered.text());
    assertTrue(rendered.notes().getFirst().contains("no system role"));
  }

  @Test
  void neighbouringTurnsAreJoinedWhereATemplateWantsThemToAlternate() throws IOException {
    ChatTemplate.Rendered rendered =
        named("gemma", List.of(USER, ChatMessage.user("More"), ASSISTANT, SYSTEM, USER), List.of());
    assertEquals(
        "<s><start_of_turn>user\nHello 🐦\n\nMore<end_of_turn>\n<start_of_turn>model\nHi."
            + "<end_of_turn>\n<start_of_turn>user\nBe brief.\n\nHello 🐦<end_of_turn>\n"
            + "<start_of_turn>model\n",
        rendered.text());
  }

  @Test
  void aConversationMayBeginWithTheAssistant() throws IOException {
    ChatTemplate.Rendered rendered = named("gemma", List.of(ASSISTANT, USER), List.of());
    assertFalse(rendered.fallback());
    assertTrue(rendered.text().contains("model\nHi."));
  }

  @Test
  void toolsAreListedAsTextWhereATemplateHasNone() throws IOException {
    ToolCall call = new ToolCall("call_1", "clock", "{}");
    ChatTemplate.Rendered rendered =
        named(
            "chatml",
            List.of(USER, ChatMessage.assistant("", List.of(call)), result("call_1", "12:00")),
            List.of(CLOCK));
    assertFalse(rendered.fallback());
    assertEquals(ToolFormat.HERMES, rendered.toolFormat());
    assertTrue(rendered.notes().getFirst().contains("no tools"));
    String text = rendered.text();
    assertTrue(text.contains("{\"type\": \"function\", \"function\": {\"name\": \"clock\""));
    assertTrue(
        text.contains("<tool_call>\n{\"name\": \"clock\", \"arguments\": {}}\n</tool_call>"));
    assertTrue(text.contains("<tool_response>\n12:00\n</tool_response>"));
  }

  private static ChatMessage result(String id, String content) {
    return ChatMessage.toolResult(id, content);
  }

  @Test
  void mistralGetsTheShortIdsThatItWants() throws IOException {
    ToolCall call = new ToolCall("toolu_0123456789", "clock", "{}");
    ChatTemplate.Rendered rendered =
        named(
            "mistral",
            List.of(USER, ChatMessage.assistant("", List.of(call)), result(call.id(), "12:00")),
            List.of(CLOCK));
    assertEquals(List.of(), rendered.notes());
    assertEquals(ToolFormat.MISTRAL, rendered.toolFormat());
    String id = Conversation.shortId(call.id());
    assertTrue(id.matches("[0-9a-z]{9}"));
    assertTrue(rendered.text().contains("\"id\": \"" + id + "\""));
    assertTrue(rendered.text().contains("\"call_id\": \"" + id + "\""));
  }

  @Test
  void tellsThatTheAnswerBeginsInsideTheModelsThoughts() throws IOException {
    assertTrue(named("reasoning", List.of(USER), List.of()).insideReasoning());
    assertFalse(named("qwen2.5", List.of(USER), List.of()).insideReasoning());
  }

  @Test
  void toolFormatsAreRecognisedByTheTemplate() throws IOException {
    assertEquals(
        ToolFormat.HERMES, ToolFormat.of(GoldenTemplatesTest.template("qwen2.5"), List.of()));
    assertEquals(
        ToolFormat.MISTRAL, ToolFormat.of(GoldenTemplatesTest.template("mistral"), List.of()));
    assertEquals(
        ToolFormat.LLAMA3, ToolFormat.of(GoldenTemplatesTest.template("llama3-tools"), List.of()));
    assertEquals(ToolFormat.HERMES, ToolFormat.of(null, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2.5", "tiny-chat"})
  void theFastPathKnowsTheseTemplates(String name) throws IOException {
    String source = GoldenTemplatesTest.template(name);
    assertNotNull(ChatMl.known(source));
    assertNotNull(ChatMl.known(source.strip()));
    assertNull(ChatMl.known(source + "{# changed #}"));
  }

  private static ChatMessage turn(Random random) {
    Role role = RandomCases.oneOf(random, List.of(Role.SYSTEM, Role.USER, Role.ASSISTANT));
    return ChatMessage.of(role, RandomCases.text(random, 255));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2.5", "tiny-chat"})
  void theFastPathSaysWhatTheTemplateSays(String name) throws IOException {
    String source = GoldenTemplatesTest.template(name);
    ChatMl fast = ChatMl.known(source);
    assertNotNull(fast);
    RandomCases.check(
        200,
        random -> {
          List<ChatMessage> messages = RandomCases.list(random, 1, 5, ChatTemplateTest::turn);
          boolean addGenerationPrompt = random.nextBoolean();
          Map<String, Object> variables =
              new Conversation(messages, List.of()).variables(false, true, false);
          variables.put("add_generation_prompt", addGenerationPrompt);
          String slow = Template.parse(source).render(variables);
          assertEquals(slow, fast.render(messages, addGenerationPrompt));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2.5", "llama3-tools", "mistral", "language", "reasoning"})
  void aDamagedTemplateIsRenderedOrReplacedAndNeverFails(String name) throws IOException {
    String whole = GoldenTemplatesTest.template(name);
    RandomCases.check(
        100,
        random -> {
          StringBuilder damaged = new StringBuilder(whole);
          for (int i = random.nextInt(4); i >= 0; i--) {
            damage(damaged, random);
          }
          assertNotNull(render(damaged.toString(), List.of(SYSTEM, USER), List.of(CLOCK)).text());
        });
  }

  private static void damage(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    switch (random.nextInt(4)) {
      case 0 -> text.setLength(Math.max(1, at));
      case 1 -> text.deleteCharAt(at).append(' ');
      case 2 -> text.insert(at, "{%}-'\"[(|+#".charAt(random.nextInt(11)));
      default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 9)));
    }
  }
}
