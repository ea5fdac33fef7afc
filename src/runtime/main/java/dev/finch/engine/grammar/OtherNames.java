package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names of an object's members that are none of the listed ones. */
final class OtherNames {

  /** Names are written without escapes, so that no listed one hides behind one. */
  private static final String ANY = "[^\"\\\\\\x00-\\x1F\\x7F]";

  private static final class Node {
    private final Map<Integer, Node> next = new TreeMap<>();
    private boolean listed;
  }

  private OtherNames() {}

  static String body(Iterable<String> names) {
    Node root = new Node();
    for (String name : names) {
      Node node = root;
      for (int codePoint : name.codePoints().toArray()) {
        node = node.next.computeIfAbsent(codePoint, ignored -> new Node());
      }
      node.listed = true;
    }
    return root.next.isEmpty() && !root.listed ? ANY + "*" : "(" + body(root) + ")";
  }

  private static String body(Node node) {
    List<String> ways = new ArrayList<>();
    if (!node.listed) {
      ways.add("\"\"");
    }
    StringBuilder expected = new StringBuilder();
    for (Map.Entry<Integer, Node> entry : node.next.entrySet()) {
      int codePoint = entry.getKey();
      expected.append((codePoint < 0x10000 ? "\\u%04X" : "\\U%08X").formatted(codePoint));
      if (codePoint >= ' ' && codePoint != '"' && codePoint != '\\') {
        Node next = entry.getValue();
        String rest = next.next.isEmpty() ? ANY + "+" : "(" + body(next) + ")";
        ways.add(Rules.literal(Character.toString(codePoint)) + " " + rest);
      }
    }
    ways.add(ANY.substring(0, ANY.length() - 1) + expected + "] " + ANY + "*");
    return String.join(" | ", ways);
  }
}
