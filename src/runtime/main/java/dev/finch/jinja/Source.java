package dev.finch.jinja;

/** A template's text with places in it, given as offsets. */
final class Source {

  private final String text;

  /** Reads lines as Jinja2 does: every line break counts as {@code \n}, a last one is dropped. */
  Source(String template) {
    String lines = template;
    if (lines.indexOf('\r') >= 0) {
      lines = lines.replace("\r\n", "\n").replace('\r', '\n');
    }
    text = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
  }

  String text() {
    return text;
  }

  TemplateException error(TemplateException.Kind kind, String reason, int at) {
    int line = 1;
    int start = 0;
    int end = Math.min(at, text.length());
    for (int i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    return new TemplateException(kind, reason, line, text.codePointCount(start, end) + 1);
  }

  TemplateException syntax(String reason, int at) {
    return error(TemplateException.Kind.SYNTAX, reason, at);
  }
}
