package dev.finch.jinja;

import java.util.List;

/** What can be assigned to. */
sealed interface Target {

  record Variable(String id, Slot slot, int at) implements Target {}

  record Several(List<Target> items, int at) implements Target {}

  /** An attribute of a {@code namespace()}. */
  record Member(Expr.Name namespace, String name, int at) implements Target {}

  int at();

  /** The same names, to be resolved in another scope. */
  default Target copy() {
    return switch (this) {
      case Variable variable -> new Variable(variable.id, new Slot(), variable.at);
      case Several several ->
          new Several(several.items.stream().map(Target::copy).toList(), several.at);
      case Member member -> member;
    };
  }
}
