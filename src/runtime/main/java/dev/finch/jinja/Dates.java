package dev.finch.jinja;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Dates in C's formats, in English. */
final class Dates {

  private static final int LONGEST = 4_096;

  private Dates() {}

  /** C's {@code strftime} with the flags of glibc. */
  static String format(Rendering rendering, LocalDateTime time, String format) {
    rendering.text(8L * format.length());
    StringBuilder out = new StringBuilder();
    format(time, format, out, 0);
    return out.toString();
  }

  private static void format(LocalDateTime time, String format, StringBuilder out, int nested) {
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i >= format.length()) {
        out.append(c);
        continue;
      }
      int begin = i - 1;
      char flag = ' ';
      while (i < format.length() && "-_0^#".indexOf(format.charAt(i)) >= 0) {
        flag = format.charAt(i++);
      }
      int width = -1;
      while (i < format.length() && PythonCharacters.isDigit(format.charAt(i))) {
        width = Math.min(LONGEST, Math.max(0, width) * 10 + format.charAt(i++) - '0');
      }
      if (i < format.length() && (format.charAt(i) == 'E' || format.charAt(i) == 'O')) {
        i++;
      }
      if (i >= format.length()) {
        out.append(format, begin, i);
        return;
      }
      directive(time, format.charAt(i++), flag, width, out, format.substring(begin, i), nested);
    }
  }

  private static void directive(
      LocalDateTime time,
      char directive,
      char flag,
      int width,
      StringBuilder out,
      String whole,
      int nested) {
    int weekday = time.getDayOfWeek().getValue();
    int hour12 = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
    switch (directive) {
      case 'd' -> number(out, time.getDayOfMonth(), 2, '0', flag, width);
      case 'e' -> number(out, time.getDayOfMonth(), 2, ' ', flag, width);
      case 'm' -> number(out, time.getMonthValue(), 2, '0', flag, width);
      case 'y' -> number(out, time.getYear() % 100, 2, '0', flag, width);
      case 'Y' -> number(out, time.getYear(), 1, '0', flag, width);
      case 'C' -> number(out, time.getYear() / 100, 2, '0', flag, width);
      case 'H' -> number(out, time.getHour(), 2, '0', flag, width);
      case 'k' -> number(out, time.getHour(), 2, ' ', flag, width);
      case 'I' -> number(out, hour12, 2, '0', flag, width);
      case 'l' -> number(out, hour12, 2, ' ', flag, width);
      case 'M' -> number(out, time.getMinute(), 2, '0', flag, width);
      case 'S' -> number(out, time.getSecond(), 2, '0', flag, width);
      case 'f' -> number(out, time.getNano() / 1000, 6, '0', ' ', -1);
      case 'j' -> number(out, time.getDayOfYear(), 3, '0', flag, width);
      case 'u' -> number(out, weekday, 1, '0', flag, width);
      case 'w' -> number(out, weekday % 7, 1, '0', flag, width);
      case 'U' -> number(out, (time.getDayOfYear() + 6 - weekday % 7) / 7, 2, '0', flag, width);
      case 'W' -> number(out, (time.getDayOfYear() + 7 - weekday) / 7, 2, '0', flag, width);
      case 'V' -> number(out, time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag, width);
      case 'G' -> number(out, time.get(IsoFields.WEEK_BASED_YEAR), 1, '0', flag, width);
      case 'g' -> number(out, time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag, width);
      case 's' ->
          out.append(
              time.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toEpochSecond());
      case 'a' -> word(out, time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US), flag);
      case 'A' -> word(out, time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US), flag);
      case 'b', 'h' -> word(out, time.getMonth().getDisplayName(TextStyle.SHORT, Locale.US), flag);
      case 'B' -> word(out, time.getMonth().getDisplayName(TextStyle.FULL, Locale.US), flag);
      case 'p' -> word(out, half(time), flag == '#' ? 'l' : flag);
      case 'P' -> out.append(half(time).toLowerCase(Locale.ROOT));
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case '%' -> out.append('%');
      case 'z', 'Z' -> {}
      case 'c' -> nested(time, "%a %b %e %H:%M:%S %Y", out, nested);
      case 'D', 'x' -> nested(time, "%m/%d/%y", out, nested);
      case 'F' -> nested(time, "%Y-%m-%d", out, nested);
      case 'R' -> nested(time, "%H:%M", out, nested);
      case 'r' -> nested(time, "%I:%M:%S %p", out, nested);
      case 'T', 'X' -> nested(time, "%H:%M:%S", out, nested);
      default -> out.append(whole);
    }
  }

  private static String half(LocalDateTime time) {
    return time.get(ChronoField.AMPM_OF_DAY) == 0 ? "AM" : "PM";
  }

  private static void nested(LocalDateTime time, String format, StringBuilder out, int nested) {
    if (nested < 2) {
      format(time, format, out, nested + 1);
    }
  }

  private static void word(StringBuilder out, String word, char flag) {
    out.append(
        switch (flag) {
          case '^', '#' -> word.toUpperCase(Locale.ROOT);
          case 'l' -> word.toLowerCase(Locale.ROOT);
          default -> word;
        });
  }

  private static void number(
      StringBuilder out, int value, int digits, char fill, char flag, int width) {
    String text = Integer.toString(value);
    if (flag == '-') {
      out.append(text);
      return;
    }
    char pad = flag == '_' ? ' ' : flag == '0' ? '0' : fill;
    out.repeat(pad, Math.max(0, (width < 0 ? digits : width) - text.length())).append(text);
  }
}
