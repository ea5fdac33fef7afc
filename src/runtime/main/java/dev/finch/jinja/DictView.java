package dev.finch.jinja;

import java.util.List;

/** What {@code keys()}, {@code values()} and {@code items()} give. */
record DictView(DictValue dict, Kind kind) {

  enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  List<Object> items() {
    return switch (kind) {
      case KEYS -> dict.keys();
      case VALUES -> dict.values();
      case ITEMS -> dict.items();
    };
  }
}
