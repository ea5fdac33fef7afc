package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Gives values to names, to several at once and to attributes of namespaces. */
final class Assignments {

  private final Rendering rendering;

  Assignments(Rendering rendering) {
    this.rendering = rendering;
  }

  /** {@code set}: as in Jinja2, what is no namespace is refused before the value is found. */
  void set(Target target, Supplier<Object> value, Frame frame) {
    if (target instanceof Target.Member member) {
      Namespace namespace = namespace(member, frame);
      put(namespace, member, value.get());
    } else {
      assign(target, value.get(), frame);
    }
  }

  private Namespace namespace(Target.Member member, Frame frame) {
    rendering.at = member.at();
    if (frame.get(member.namespace().slot()) instanceof Namespace namespace) {
      return namespace;
    }
    throw rendering.error("cannot assign attribute on non-namespace object");
  }

  private void put(Namespace namespace, Target.Member member, Object value) {
    rendering.made(64);
    namespace.attributes().put(member.name(), value);
  }

  void assign(Target target, Object value, Frame frame) {
    switch (target) {
      case Target.Variable variable -> {
        frame.set(variable.slot(), value);
        if (variable.slot().exported) {
          rendering.export(variable.id(), value);
        }
      }
      case Target.Member member -> put(namespace(member, frame), member, value);
      case Target.Several several -> unpack(several, value, frame);
    }
  }

  private void unpack(Target.Several several, Object value, Frame frame) {
    rendering.at = several.at();
    Iterator<Object> items = Values.iteratorOrNull(rendering, value);
    if (items == null) {
      throw rendering.error("cannot unpack non-iterable " + Values.type(value) + " object");
    }
    int wanted = several.items().size();
    List<Object> values = new ArrayList<>(wanted);
    while (values.size() < wanted && items.hasNext()) {
      values.add(items.next());
    }
    if (values.size() < wanted) {
      throw rendering.error(
          "not enough values to unpack (expected " + wanted + ", got " + values.size() + ")");
    }
    if (items.hasNext()) {
      throw rendering.error("too many values to unpack (expected " + wanted + ")");
    }
    for (int i = 0; i < wanted; i++) {
      assign(several.items().get(i), values.get(i), frame);
    }
  }
}
