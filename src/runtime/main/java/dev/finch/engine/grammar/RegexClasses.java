package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The classes of characters that regular expressions name. */
final class RegexClasses {

  /** What a dot stands for. */
  static final CharacterSet ANY =
      CharacterSet.of('\n', '\n')
          .and(CharacterSet.of('\r', '\r'))
          .and(CharacterSet.of(0x2028, 0x2029))
          .inverse();

  private static final Map<String, IntPredicate> BINARY =
      Map.of(
          "Any", _ -> true,
          "Alphabetic", Character::isAlphabetic,
          "Uppercase", Character::isUpperCase,
          "Lowercase", Character::isLowerCase,
          "White_Space", Character::isWhitespace,
          "Emoji", Character::isEmoji,
          "Emoji_Presentation", Character::isEmojiPresentation,
          "Emoji_Component", Character::isEmojiComponent,
          "Emoji_Modifier", Character::isEmojiModifier,
          "Extended_Pictographic", Character::isExtendedPictographic);

  /** The two letters of each general category of Unicode, by Java's number. */
  private static final String[] CATEGORIES = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp",
    "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
  };

  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "Letter", "L",
          "Uppercase_Letter", "Lu",
          "Lowercase_Letter", "Ll",
          "Mark", "M",
          "Number", "N",
          "Decimal_Number", "Nd",
          "Punctuation", "P",
          "Symbol", "S",
          "Separator", "Z",
          "Space_Separator", "Zs");

  private RegexClasses() {}

  /** What {@code \p{name}} stands for, or null where that is not known. */
  static @Nullable CharacterSet property(String name) {
    IntPredicate binary = BINARY.get(name);
    if (binary != null) {
      return all(binary);
    }
    int equals = name.indexOf('=');
    String kind = equals < 0 ? "" : name.substring(0, equals);
    String value = name.substring(equals + 1);
    return switch (kind) {
      case "", "General_Category", "gc" -> category(LONG_NAMES.getOrDefault(value, value));
      case "Script", "sc", "Script_Extensions", "scx" -> script(value);
      default -> null;
    };
  }

  private static @Nullable CharacterSet category(String name) {
    CharacterSet found =
        name.isEmpty() || name.length() > 2
            ? CharacterSet.NONE
            : all(point -> CATEGORIES[Character.getType(point)].startsWith(name));
    return found.ranges().isEmpty() ? null : found;
  }

  private static @Nullable CharacterSet script(String name) {
    try {
      Character.UnicodeScript script =
          Character.UnicodeScript.forName(name.toUpperCase(Locale.ROOT));
      return all(point -> Character.UnicodeScript.of(point) == script);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static CharacterSet all(IntPredicate holds) {
    List<Symbol.Range> ranges = new ArrayList<>();
    int first = -1;
    for (int point = 0; point <= Character.MAX_CODE_POINT + 1; point++) {
      boolean held = point <= Character.MAX_CODE_POINT && holds.test(point);
      if (held && first < 0) {
        first = point;
      } else if (!held && first >= 0) {
        ranges.add(new Symbol.Range(first, point - 1));
        first = -1;
      }
    }
    return new CharacterSet(ranges);
  }
}
