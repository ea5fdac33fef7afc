package dev.finch.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a terminal of the xterm family shows for the bytes it was sent; styles are ignored. Letters
 * of East Asia take two columns. Where the screen gets lower, rows below the cursor go first, then
 * the upper ones, which come back where it gets higher; columns are cut off.
 */
final class VirtualScreen {

  /** What the second column of a wide character holds. */
  private static final int REST = -1;

  private int columns;
  private int rows;
  private int[][] cells;
  private int row;
  private int column;
  private boolean wrapPending;
  private boolean wraps = true;
  private int savedRow;
  private int savedColumn;
  private int top;
  private int bottom;
  private final StringBuilder sequence = new StringBuilder();
  private final Deque<int[]> above = new ArrayDeque<>();

  VirtualScreen(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    this.cells = blank(rows, columns);
    this.bottom = rows - 1;
  }

  synchronized void accept(String text) {
    text.codePoints().forEach(this::accept);
  }

  /** The rows without trailing blanks. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int[] line : cells) {
      lines.add(
          Arrays.stream(line)
              .filter(c -> c != REST)
              .mapToObj(Character::toString)
              .collect(Collectors.joining())
              .stripTrailing());
    }
    return lines;
  }

  synchronized void resize(int newColumns, int newRows) {
    Deque<int[]> kept = new ArrayDeque<>(Arrays.asList(cells));
    while (kept.size() > newRows && kept.size() > row + 1) {
      kept.removeLast();
    }
    while (kept.size() > newRows) {
      above.addLast(kept.removeFirst());
      row--;
    }
    while (kept.size() < newRows && !above.isEmpty()) {
      kept.addFirst(above.removeLast());
      row++;
    }
    int[][] resized = blank(newRows, newColumns);
    int r = 0;
    for (int[] line : kept) {
      System.arraycopy(line, 0, resized[r++], 0, Math.min(line.length, newColumns));
    }
    cells = resized;
    columns = newColumns;
    rows = newRows;
    column = Math.min(column, columns - 1);
    wrapPending = false;
    top = 0;
    bottom = rows - 1;
  }

  private void accept(int c) {
    if (!sequence.isEmpty()) {
      sequence.appendCodePoint(c);
      if (complete()) {
        String whole = sequence.toString();
        sequence.setLength(0);
        perform(whole);
      }
      return;
    }
    switch (c) {
      case 0x1b -> sequence.append('\u001b');
      case '\r' -> moveTo(row, 0);
      case '\n' -> lineFeed();
      case '\b' -> moveTo(row, column - 1);
      case '\t' -> moveTo(row, Math.min(columns - 1, (column / 8 + 1) * 8));
      case 7 -> {}
      default -> put(c);
    }
  }

  private boolean complete() {
    char kind = sequence.charAt(1);
    char last = sequence.charAt(sequence.length() - 1);
    return switch (kind) {
      case '[' -> sequence.length() > 2 && last >= '@' && last <= '~';
      case ']' -> last == 7 || sequence.toString().endsWith("\u001b\\");
      case '(', ')' -> sequence.length() == 3;
      default -> true;
    };
  }

  private void perform(String whole) {
    switch (whole.charAt(1)) {
      case '[' -> control(whole.substring(2, whole.length() - 1), whole.charAt(whole.length() - 1));
      case '7' -> {
        savedRow = row;
        savedColumn = column;
      }
      case '8' -> moveTo(savedRow, savedColumn);
      case 'D' -> lineFeed();
      case 'M' -> reverseLineFeed();
      default -> {}
    }
  }

  private void control(String parameters, char command) {
    if (parameters.equals("?7")) {
      wraps = command == 'h';
    }
    if (parameters.startsWith("?") || parameters.startsWith(">")) {
      return;
    }
    int[] n =
        Arrays.stream(parameters.split(";", -1))
            .mapToInt(text -> text.isEmpty() ? 0 : Integer.parseInt(text))
            .toArray();
    int one = Math.max(1, n[0]);
    switch (command) {
      case 'A' -> moveTo(row - one, column);
      case 'B' -> moveTo(row + one, column);
      case 'C' -> moveTo(row, column + one);
      case 'D' -> moveTo(row, column - one);
      case 'G' -> moveTo(row, one - 1);
      case 'd' -> moveTo(one - 1, column);
      case 'H', 'f' -> moveTo(one - 1, n.length > 1 ? Math.max(1, n[1]) - 1 : 0);
      case 'J' -> eraseDisplay(n[0]);
      case 'K' -> eraseLine(n[0]);
      case 'P' -> shift(column + one, column);
      case '@' -> shift(column, column + one);
      case 'L' -> scrollDown(row, one);
      case 'M' -> scrollUp(row, one);
      case 'r' -> {
        top = n[0] == 0 ? 0 : n[0] - 1;
        bottom = n.length > 1 && n[1] > 0 ? n[1] - 1 : rows - 1;
        moveTo(0, 0);
      }
      default -> {}
    }
  }

  private void put(int c) {
    int width = wide(c) ? 2 : 1;
    if (wraps && (wrapPending || column + width > columns)) {
      moveTo(row, 0);
      lineFeed();
    }
    column = Math.min(column, columns - width);
    cells[row][column] = c;
    if (width == 2) {
      cells[row][column + 1] = REST;
    }
    split(column - 1);
    split(column + width);
    wrapPending = column + width == columns;
    column = Math.min(column + width, columns - 1);
  }

  /** Half a wide character is none. */
  private void split(int at) {
    if (at < 0 || at >= columns) {
      return;
    }
    boolean rest = cells[row][at] == REST && (at == 0 || !wide(cells[row][at - 1]));
    boolean start = wide(cells[row][at]) && (at + 1 == columns || cells[row][at + 1] != REST);
    if (rest || start) {
      cells[row][at] = ' ';
    }
  }

  private static boolean wide(int c) {
    return c > 0 && Character.isIdeographic(c);
  }

  private void moveTo(int newRow, int newColumn) {
    row = Math.clamp(newRow, 0, rows - 1);
    column = Math.clamp(newColumn, 0, columns - 1);
    wrapPending = false;
  }

  private void lineFeed() {
    if (row == bottom) {
      if (top == 0) {
        above.addLast(cells[0]);
      }
      scrollUp(top, 1);
    } else {
      row = Math.min(row + 1, rows - 1);
    }
    wrapPending = false;
  }

  private void reverseLineFeed() {
    if (row == top) {
      scrollDown(top, 1);
    } else {
      row = Math.max(row - 1, 0);
    }
  }

  private void scrollUp(int from, int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(cells, from + 1, cells, from, bottom - from);
      cells[bottom] = blank(1, columns)[0];
    }
  }

  private void scrollDown(int from, int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(cells, from, cells, from + 1, bottom - from);
      cells[from] = blank(1, columns)[0];
    }
  }

  private void shift(int from, int to) {
    int[] line = cells[row];
    int[] moved = blank(1, columns)[0];
    System.arraycopy(line, 0, moved, 0, Math.min(from, to));
    if (from < columns && to < columns) {
      System.arraycopy(line, from, moved, to, columns - Math.max(from, to));
    }
    cells[row] = moved;
    for (int at = 0; at < columns; at++) {
      split(at);
    }
  }

  private void eraseLine(int how) {
    int from = how == 0 ? column : 0;
    int to = how == 1 ? column + 1 : columns;
    Arrays.fill(cells[row], from, to, ' ');
    split(from - 1);
    split(to);
  }

  private void eraseDisplay(int how) {
    eraseLine(how);
    for (int r = how == 0 ? row + 1 : 0; r < (how == 1 ? row : rows); r++) {
      Arrays.fill(cells[r], ' ');
    }
  }

  private static int[][] blank(int rows, int columns) {
    int[][] cells = new int[rows][columns];
    for (int[] line : cells) {
      Arrays.fill(line, ' ');
    }
    return cells;
  }
}
