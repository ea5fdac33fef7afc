package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template from a stranger cannot do. */
final class JinjaTest {

  private static String render(String template) {
    return Jinja.instance()
        .render(
            TemplateDialect.translate(template),
            Map.of("list", new ArrayList<>(List.of("a")), "text", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ text.getClass() }}",
        "{{ text.getClass().forName('java.lang.Runtime') }}",
        "{{ list.getClass() }}",
        "{{ list.iterator() }}",
        "{{ ____int3rpr3t3r____.getConfig() }}",
        "{% for config, x in [____int3rpr3t3r____] %}{{ config }}{% endfor %}",
        "{% include 'reference.conf' %}",
        "{% import 'reference.conf' as x %}",
        "{% from 'reference.conf' import x %}",
        "{% extends 'reference.conf' %}",
        "{{ text | pprint }}",
        "{{ text | render }}",
        "{{ no_such_function(1) }}",
        "{{ list | no_such_filter }}",
        "{{ list is no_such_test }}",
        "{{ list.no_such_method() }}",
        "{% for x in list %}{{ loop.no_such_field }}{% endfor %}"
      })
  void refusesWhatIsNotAllowedOrNotKnown(String template) {
    assertThrows(Jinja.TemplateException.class, () -> render(template));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ text.class }}", "{{ list.class.classLoader }}", "{{ text.bytes }}"})
  void javaPropertiesAreUndefined(String template) {
    assertEquals("", render(template));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'x' | center(2000000000) }}",
        "{{ list | batch(2000000000, 'x') | list }}",
        "{{ '%2000000000d' | format(1) }}",
        "{% set x = 'aaaaaaaaaa' %}{% for i in range(60) %}{% set x = x + x %}{% endfor %}",
        "{% set x = 'aaaaaaaa' %}{% for i in range(9) %}"
            + "{% set x = x.replace('a', x) %}{% endfor %}",
        "{% set x = 'aaaaaaaa' %}{% for i in range(9) %}"
            + "{% set x = x | replace('a', x) %}{% endfor %}",
        "{% set x = 'aaaaaaaa' %}{% for i in range(9) %}"
            + "{% set x = [x, x, x, x, x, x, x, x] | join(x) %}{% endfor %}",
        "{% set n = namespace(x=[1, 2]) %}{% for i in range(60) %}"
            + "{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set x = [1, 2] %}{% for i in range(60) %}{% set x = x + x %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(60) %}"
            + "{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | tojson }}",
        "{% do list.append(list) %}{{ list | tojson }}",
        "{% for x in range(1000000) %}{% for y in range(1000000) %}"
            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}"
      })
  void refusesToGrowWithoutBound(String template) {
    assertThrows(Jinja.TemplateException.class, () -> render(template));
  }

  @Test
  void givesUpOnATemplateThatTakesTooLong() {
    String endless =
        "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}"
            + "{% set z = 1 %}{% endfor %}{% endfor %}{% endfor %}";
    Jinja.TemplateException refusal =
        assertThrows(Jinja.TemplateException.class, () -> render(endless));
    assertTrue(String.valueOf(refusal.getMessage()).contains("longer than"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{% if %}x{% endif %}", "{% for x in list %}", "{{ 1 + }}", "{{ (1 }}"})
  void refusesWhatDoesNotParse(String template) {
    assertThrows(Jinja.TemplateException.class, () -> render(template));
  }

  @Test
  void aValueIsNeverReadAsATemplate() {
    String text =
        Jinja.instance().render("{{ a }} {{ a | trim }}", Map.of("a", "{{ 1 + 1 }}{% if %}"));
    assertEquals("{{ 1 + 1 }}{% if %} {{ 1 + 1 }}{% if %}", text);
  }
}
