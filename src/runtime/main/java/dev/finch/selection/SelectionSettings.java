package dev.finch.selection;

import static java.util.Objects.requireNonNull;

import dev.finch.settings.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * How a model is chosen.
 *
 * @param table rows by rising memory
 * @param contextLength tokens of context that a model must have room for
 * @param reserveBytes memory left to everything else
 * @param assumedMemoryBytes memory assumed where it cannot be measured
 */
public record SelectionSettings(
    List<Row> table, int contextLength, long reserveBytes, long assumedMemoryBytes) {

  /**
   * One row of the table.
   *
   * @param fromBytes the least memory that the model is meant for
   * @param model a name of the catalogue
   */
  public record Row(long fromBytes, String model) {
    public Row {
      requireNonNull(model, "model");
    }
  }

  public SelectionSettings {
    table = List.copyOf(table);
  }

  /** Reads {@code finch.selection}. */
  public static SelectionSettings from(Section selection) {
    return new SelectionSettings(
        table(selection),
        selection.integer("context-length", MemoryPlan.SHORTEST_CONTEXT, 1 << 20),
        selection.bytes("reserve", 0, Long.MAX_VALUE),
        selection.bytes("assumed-memory", 1 << 30, Long.MAX_VALUE));
  }

  private static List<Row> table(Section selection) {
    List<Row> table = new ArrayList<>();
    for (Section row : selection.sections("table")) {
      long from = row.bytes("from", 0, Long.MAX_VALUE);
      if (!table.isEmpty() && from <= table.getLast().fromBytes()) {
        throw row.invalid("from", String.valueOf(from), "more than in the row before");
      }
      table.add(new Row(from, row.string("model")));
    }
    if (table.isEmpty()) {
      throw selection.invalid("table", "[]", "at least one row");
    }
    return table;
  }
}
