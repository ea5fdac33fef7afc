package dev.finch.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.RandomCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a template from a stranger cannot do: reach Java, take the process with it, or never end.
 */
final class HostileTemplatesTest {

  /** A quarter of what threads have by default. */
  private static final long SMALL_STACK = 512 << 10;

  /** Far more than any of these takes, on the slowest machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String DOUBLED =
      "{% set ns = namespace(x=['a']) %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x] %}"
          + "{% endfor %}";

  private static final String DOUBLED_TUPLE =
      DOUBLED.replace("['a']", "('a',)").replace("[ns.x, ns.x]", "(ns.x, ns.x)");

  private static <T> T onASmallStack(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(null, task, "small", SMALL_STACK);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TemplateException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private static String render(String template) throws Exception {
    Map<String, Object> context = new HashMap<>();
    context.put("list", List.of("a"));
    context.put("text", "x");
    context.put("messages", List.of(Map.of("role", "user", "content", "Hi")));
    return onASmallStack(() -> Template.parse(template).render(context));
  }

  static Stream<String> exhausting() {
    List<String> templates = new ArrayList<>();
    for (String use :
        List.of(
            "{{ ns.x|string }}",
            "{{ ns.x|join }}",
            "{{ ns.x }}",
            "{{ ns.x ~ '' }}",
            "{{ ns.x|tojson }}",
            "{{ ns.x|tojson(indent=2) }}",
            "{{ ns.x|pprint }}",
            "{{ '%s' % [ns.x] }}",
            "{{ '%r'|format(ns.x) }}",
            "{{ '{}'.format(ns.x) }}",
            "{{ ns.x|upper }}",
            "{{ ns.x|e }}",
            "{{ ns.x|urlize }}",
            "{{ ns.x|title }}",
            "{{ ns.x|map('string')|list }}",
            "{{ [ns.x]|join(',') }}",
            "{{ {'a': ns.x} }}",
            "{{ ns.x|striptags }}",
            "{{ raise_exception(ns.x) }}",
            "{{ ns }}",
            "{{ ns.x|wordcount }}",
            "{% filter upper %}{{ ns.x }}{% endfilter %}",
            "{% set y %}{{ ns.x }}{% endset %}",
            "{{ ns.x|xmlattr if 0 else ns.x|forceescape }}")) {
      templates.add(DOUBLED + use);
    }
    // Two of them, since a value is equal to itself without a look inside.
    String twice = DOUBLED + DOUBLED.replace("ns", "ms");
    for (String use :
        List.of(
            "{{ ns.x == ms.x }}",
            "{{ ns.x != ms.x }}",
            "{{ ns.x in [ms.x] }}",
            "{{ ns.x < ms.x }}",
            "{{ [ns.x, ms.x]|sort }}",
            "{{ [ns.x, ms.x]|max }}",
            "{{ {'a': ns.x} == {'a': ms.x} }}",
            "{{ [ns.x].index(ms.x) }}",
            "{{ [ns.x].count(ms.x) }}",
            "{{ [ns.x, ms.x]|groupby(0)|list }}",
            "{{ ns.x is eq ms.x }}",
            "{{ ns.x is in [ms.x] }}",
            "{% for q in [ns.x, ms.x] %}{{ loop.changed(q) }}{% endfor %}")) {
      templates.add(twice + use);
    }
    for (String use :
        List.of(
            "{{ [ns.x]|unique|list }}",
            "{{ {ns.x: 1} }}",
            "{{ ns.x in {} }}",
            "{{ {}[ns.x] }}",
            "{{ {}.get(ns.x) }}",
            "{{ dict([(ns.x, 1)]) }}",
            "{{ ns.x is filter }}")) {
      templates.add(DOUBLED_TUPLE + use);
    }
    templates.addAll(
        List.of(
            "{{ 'a' * 10000000000 }}",
            "{{ 'a' * 300000000 }}",
            "{{ [1] * 10000000000 }}",
            "{{ (1,) * 99999999999999999999 }}",
            "{{ 10 ** 1000000000 }}",
            "{{ 2 ** (2 ** (2 ** (2 ** (2 ** (2 ** 2))))) }}",
            "{{ 9999999999 ** 9999999999 }}",
            "{{ range(1000000000) }}",
            "{{ range(0, 100001)|list }}",
            "{{ '%9999999999d'|format(1) }}",
            "{{ '%1000000000d' % 1 }}",
            "{{ '%*d' % (999999999, 1) }}",
            "{{ '%.1000000000f' % 1.5 }}",
            "{{ '%-999999999s|' % 'a' }}",
            "{{ '{:999999999}'.format('a') }}",
            "{{ '{:.99999999f}'.format(1.5) }}",
            "{{ '{:0999999999,}'.format(1) }}",
            "{{ 'a'|center(2000000000) }}",
            "{{ 'a'.center(1000000000) }}",
            "{{ 'a'.ljust(1000000000) }}",
            "{{ 'a'.zfill(1000000000) }}",
            "{{ 'a\\tb'.expandtabs(1000000000) }}",
            "{{ 'a\\nb'|indent(1000000000) }}",
            "{{ [[1]]|tojson(indent=1000000000) }}",
            "{{ [1]|batch(2000000000, 'x')|list }}",
            "{{ [1]|slice(2000000000)|list }}",
            "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(60) %}"
                + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(60) %}"
                + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace(x=[1, 2]) %}{% for i in range(60) %}"
                + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(9) %}"
                + "{% set ns.x = ns.x.replace('a', ns.x) %}{% endfor %}",
            "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(9) %}"
                + "{% set ns.x = ns.x|replace('', ns.x) %}{% endfor %}",
            "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(9) %}"
                + "{% set ns.x = [ns.x, ns.x, ns.x, ns.x]|join(ns.x) %}{% endfor %}",
            "{% set ns = namespace(x=7) %}{% for i in range(100) %}"
                + "{% set ns.x = ns.x * ns.x %}{% endfor %}",
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "{% for a in range(9999) %}{% for b in range(9999) %}xxxxxxxxxxxxxxxxxxxxxxx"
                + "{% endfor %}{% endfor %}",
            "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
            "{% macro f(n) %}{{ caller() }}{% call f(n) %}{% endcall %}{% endmacro %}"
                + "{% call f(1) %}{% endcall %}",
            "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro"
                + " %}{{ f(40) }}",
            "{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}"
                + "{% endcall %}{% endmacro %}{{ g() }}",
            "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
            "{% for x in [1, 2] recursive %}{% if loop.depth < 60 %}{{ loop([1, 2]) }}{% endif %}"
                + "{% endfor %}",
            "{% set ns = namespace(g=[1]) %}{% for i in range(9999) %}"
                + "{% set ns.g = ns.g|map('string') %}{% endfor %}{{ ns.g|list }}",
            "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}"
                + "{% endfor %}{{ ns.x }}",
            "{% set ns = namespace(x=[]) %}{% set ms = namespace(x=[]) %}{% for i in range(99999)"
                + " %}{% set ns.x = [ns.x] %}{% set ms.x = [ms.x] %}{% endfor %}{{ ns.x == ms.x }}",
            "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(400) %}{% for j in range(400) %}"
                + "{% set ns.x = ns.x + [[1]] %}{% endfor %}{% endfor %}{{ ns.x|sort }}",
            "{% for i in range(99999) %}{{ ('a' * 99999 ~ 'b') in ('a' * 999999) }}{% endfor %}",
            "{% set a = 'a' * 999999 %}{% set b = 'a' * 99999 ~ 'b' %}{% for i in range(99999) %}{{"
                + " a.find(b) }}{{ a.rfind(b) }}{{ a.count(b) }}{{ a.split(b)|length }}{% endfor"
                + " %}",
            "{{ ('a' * 20000000)|list|length }}",
            "{{ ('a ' * 20000000).split()|length }}",
            "{{ ('a ' * 20000000)|wordwrap(1)|length }}",
            "{{ ('<' * 20000000)|e }}"));
    return templates.stream();
  }

  @ParameterizedTest
  @MethodSource("exhausting")
  void endsWhatWouldNotEndOrGrowWithoutBound(String template) {
    TemplateException refusal = assertThrows(TemplateException.class, () -> render(template));
    assertEquals(TemplateException.Kind.EXHAUSTED, refusal.kind(), refusal.getMessage());
    assertTrue(refusal.line() == 1 && refusal.column() >= 1);
  }

  static Stream<String> deep() {
    int n = 100_000;
    return Stream.of(
        "{{ " + "(".repeat(n) + "1" + ")".repeat(n) + " }}",
        "{{ " + "[".repeat(n) + "]".repeat(n) + " }}",
        "{{ " + "{1:".repeat(n) + "1" + "}".repeat(n) + " }}",
        "{{ " + "a[".repeat(n) + "1" + "]".repeat(n) + " }}",
        "{{ " + "f(".repeat(n) + "1" + ")".repeat(n) + " }}",
        "{{ " + "a.b".repeat(n) + " }}",
        "{{ a" + ".b".repeat(n) + " }}",
        "{{ a" + "[0]".repeat(n) + " }}",
        "{{ a" + "()".repeat(n) + " }}",
        "{{ a" + "|e".repeat(n) + " }}",
        "{{ 1" + "+1".repeat(n) + " }}",
        "{{ 1" + "*1".repeat(n) + " }}",
        "{{ 1" + "**1".repeat(n) + " }}",
        "{{ 1" + " or 1".repeat(n / 2) + " }}",
        "{{ 1" + " and 1".repeat(n / 2) + " }}",
        "{{ 1" + " if 1 else 1".repeat(n / 8) + " }}",
        "{{ 1" + " if 1".repeat(n / 2) + " }}",
        "{{ " + "-".repeat(n) + "1 }}",
        "{{ " + "not ".repeat(n) + "1 }}",
        "{{ " + "1 is in ".repeat(n / 4) + "1 }}",
        "{{ " + "1 is eq (".repeat(n / 4) + "1" + ")".repeat(n / 4) + " }}",
        "{% set " + "(".repeat(n) + "a" + ")".repeat(n) + " = 1 %}",
        "{% for " + "(".repeat(n) + "a" + ")".repeat(n) + " in b %}{% endfor %}",
        "{% if 1 %}".repeat(n / 4) + "{% endif %}".repeat(n / 4),
        "{% for x in y %}".repeat(n / 8) + "{% endfor %}".repeat(n / 8),
        "{% with %}".repeat(n / 4) + "{% endwith %}".repeat(n / 4),
        "{% macro f() %}".repeat(n / 8) + "{% endmacro %}".repeat(n / 8),
        "{% filter e %}".repeat(n / 8) + "{% endfilter %}".repeat(n / 8),
        "{% set x" + "|e".repeat(n) + " %}{% endset %}",
        "{% filter e" + "|e".repeat(n) + " %}{% endfilter %}",
        "{% call f() %}".repeat(n / 8) + "{% endcall %}".repeat(n / 8),
        "x".repeat(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("deep")
  void refusesWhatNestsTooDeeply(String template) {
    TemplateException refusal = assertThrows(TemplateException.class, () -> render(template));
    assertNotNull(refusal.reason());
  }

  @Test
  void takesWhatIsLongAndNotDeep() throws Exception {
    int n = 20_000;
    assertEquals("1".repeat(n), render("{{ 1" + "~1".repeat(n - 1) + " }}"));
    assertEquals("True", render("{{ 1" + " == 1".repeat(n) + " }}"));
    assertEquals(
        "yes", render("{% if 0 %}" + "{% elif 0 %}".repeat(n) + "{% else %}yes{% endif %}"));
    assertEquals(Integer.toString(n), render("{{ [" + "1,".repeat(n) + "]|length }}"));
    assertEquals("9", render("{% set v = 9 %}".repeat(n) + "{{ v }}"));
    assertEquals("f".repeat(100), render("{{ 'f' }}".repeat(100)));
  }

  @Test
  void readsTemplatesOfManyNamesAndBranchesInBoundedTime() throws Exception {
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < 12_000; i++) {
      template
          .append("{% if v")
          .append(i)
          .append(" %}{% set w")
          .append(i)
          .append("=1 %}{% endif %}");
    }
    try {
      assertEquals("", render(template.toString()));
    } catch (TemplateException e) {
      assertEquals(TemplateException.Kind.EXHAUSTED, e.kind());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ text.getClass() }}",
        "{{ text.getClass().forName('java.lang.Runtime') }}",
        "{{ list.getClass() }}",
        "{{ list.iterator() }}",
        "{{ list.stream() }}",
        "{{ messages.getFirst() }}",
        "{{ list.append(1) }}",
        "{{ list.clear() }}",
        "{{ list.pop() }}",
        "{{ messages[0].update({}) }}",
        "{{ messages[0].pop('role') }}",
        "{{ messages[0].setdefault('x', 1) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__']() }}",
        "{{ '{0.__class__.__mro__}'.format(1) }}",
        "{{ (text|attr('__class__')).x }}",
        "{{ [text]|map(attribute='__class__')|map(attribute='__mro__')|list }}",
        "{{ raise_exception.__globals__.x }}",
        "{{ text | render }}",
        "{{ text | eval }}",
        "{{ no_such_function(1) }}",
        "{{ list | no_such_filter }}",
        "{{ list is no_such_test }}",
        "{{ list.no_such_method() }}"
      })
  void refusesWhatIsNotAllowedOrNotKnown(String template) {
    TemplateException refusal = assertThrows(TemplateException.class, () -> render(template));
    assertTrue(
        refusal.kind() == TemplateException.Kind.FAILED
            || refusal.kind() == TemplateException.Kind.SYNTAX,
        refusal.kind().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ text.class }}", "{{ list.class.classLoader }}", "{{ text.bytes }}"})
  void javaPropertiesAreUndefined(String template) throws Exception {
    if (template.contains("classLoader")) {
      assertThrows(TemplateException.class, () -> render(template));
    } else {
      assertEquals("", render(template));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n{% include 'x' %}",
        "a\n{% import 'x' as y %}",
        "a\n{% from 'x' import y %}",
        "a\n{% extends 'x' %}"
      })
  void refusesOtherFilesByTheConstructsNameAndPlace(String template) {
    TemplateException refusal = assertThrows(TemplateException.class, () -> render(template));
    assertEquals(TemplateException.Kind.UNSUPPORTED, refusal.kind());
    String construct = template.substring(5).split(" ", 2)[0];
    assertTrue(refusal.reason().contains(construct), refusal.reason());
    assertEquals(2, refusal.line());
    assertEquals(4, refusal.column());
    assertTrue(refusal.getMessage().startsWith("line 2, column 4: "), refusal.getMessage());
  }

  @Test
  void saysWhereAndWhatWentWrong() {
    TemplateException refusal =
        assertThrows(
            TemplateException.class, () -> render("{{ text }}\n  {{ text ~ nobody.name }}"));
    assertEquals("line 2, column 20: 'nobody' is undefined", refusal.getMessage());
    TemplateException lipsum =
        assertThrows(TemplateException.class, () -> render("{{ lipsum() }}"));
    assertEquals(TemplateException.Kind.UNSUPPORTED, lipsum.kind());
    assertTrue(lipsum.reason().contains("lipsum"));
    TemplateException own =
        assertThrows(TemplateException.class, () -> render("{{ raise_exception('No tools.') }}"));
    assertEquals(TemplateException.Kind.REFUSED, own.kind());
    assertEquals("No tools.", own.getMessage());
  }

  @Test
  void aValueIsNeverReadAsATemplate() {
    String text =
        Template.parse("{{ a }} {{ a | trim }}").render(Map.of("a", "{{ 1 + 1 }}{% if %}"));
    assertEquals("{{ 1 + 1 }}{% if %} {{ 1 + 1 }}{% if %}", text);
  }

  @Test
  void aTemplateIsReadOnceAndRenderedByManyThreadsAtOnce() throws Exception {
    Template template =
        Template.parse(
            "{% set ns = namespace(n=0) %}{% for i in range(n) %}"
                + "{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
    List<FutureTask<String>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long n = 1_000L + i;
      FutureTask<String> task = new FutureTask<>(() -> template.render(Map.of("n", n)));
      tasks.add(task);
      Thread.ofPlatform().daemon().start(task);
    }
    for (int i = 0; i < tasks.size(); i++) {
      long n = 1_000L + i;
      assertEquals(
          Long.toString(n * (n - 1) / 2), tasks.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  @Test
  void endsSoonAfterItsThreadIsInterrupted() throws Exception {
    Template endless =
        Template.parse(
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}");
    Limits patient = new Limits(Long.MAX_VALUE, Long.MAX_VALUE, 1_000, 1_000);
    FutureTask<TemplateException> task =
        new FutureTask<>(
            () ->
                assertThrows(
                    TemplateException.class,
                    () -> endless.render(Map.of(), patient, LocalDateTime::now)));
    Thread thread = Thread.ofPlatform().daemon().start(task);
    thread.interrupt();
    TemplateException refusal = task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(TemplateException.Kind.CANCELLED, refusal.kind());
  }

  @Test
  void valuesThatNestTooDeeplyAreRefused() {
    Object value = List.of();
    for (int i = 0; i < 100_000; i++) {
      value = List.of(value);
    }
    Map<String, Object> context = Map.of("x", value);
    TemplateException refusal =
        assertThrows(
            TemplateException.class,
            () -> onASmallStack(() -> Template.parse("{{ x }}").render(context)));
    assertEquals(TemplateException.Kind.EXHAUSTED, refusal.kind());
  }

  private static List<String> realTemplates() throws IOException {
    List<String> templates = new ArrayList<>();
    try (Stream<Path> files =
        Files.list(Path.of("src/runtime/test/resources/dev/finch/engine/text/templates"))) {
      for (Path file : files.sorted().toList()) {
        templates.add(Files.readString(file));
      }
    }
    return templates;
  }

  private static void damage(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    switch (random.nextInt(6)) {
      case 0 -> text.deleteCharAt(at).append(' ');
      case 1 -> text.insert(at, "{%}-'\"[(|+#.~*=,:\\\n0".charAt(random.nextInt(20)));
      case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
      case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 20)));
      case 4 -> {
        int other = random.nextInt(text.length());
        char c = text.charAt(at);
        text.setCharAt(at, text.charAt(other));
        text.setCharAt(other, c);
      }
      default -> {
        List<String> words =
            List.of(
                "messages",
                "loop",
                "1e99",
                "9999999999",
                "recursive",
                "**",
                "range(99999)",
                "|list",
                "|join",
                "not ",
                "(",
                ")",
                "{{",
                "}}",
                "{%",
                "%}",
                "namespace()",
                "none");
        text.insert(at, words.get(random.nextInt(words.size())));
      }
    }
  }

  @Test
  void damagedTemplatesAreRenderedOrRefusedAndNothingElse() throws Exception {
    List<String> templates = realTemplates();
    Map<String, Object> context = new HashMap<>();
    context.put(
        "messages",
        List.of(
            Map.of("role", "system", "content", "S"),
            Map.of("role", "user", "content", "Hi"),
            Map.of("role", "assistant", "content", "Ho"),
            Map.of("role", "user", "content", "Hi")));
    context.put("tools", List.of(Map.of("type", "function", "function", Map.of("name", "f"))));
    context.put("add_generation_prompt", true);
    context.put("bos_token", "<s>");
    // Each may cost what it likes within these, and there are many.
    Limits limits = new Limits(2_000_000, 8 << 20, 1_000, 1 << 20);
    onASmallStack(
        () -> {
          RandomCases.check(
              20_000,
              random -> {
                StringBuilder damaged = new StringBuilder(RandomCases.oneOf(random, templates));
                for (int i = random.nextInt(1, 6); i > 0; i--) {
                  damage(damaged, random);
                }
                String text = renderedOrNull(damaged.toString(), context, limits);
                assertTrue(text == null || text.length() <= limits.output());
              });
          return true;
        });
  }

  private static @Nullable String renderedOrNull(
      String template, Map<String, Object> context, Limits limits) {
    try {
      return Template.parse(template).render(context, limits, LocalDateTime::now);
    } catch (TemplateException refused) {
      return null;
    }
  }
}
