package dev.finch.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: the only values that a template can change. */
final class Namespace {

  private final Map<String, Object> attributes = new LinkedHashMap<>();

  Map<String, Object> attributes() {
    return attributes;
  }

  DictValue dict() {
    DictValue dict = new DictValue(attributes.size());
    attributes.forEach(dict::put);
    return dict;
  }
}
