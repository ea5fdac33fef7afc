package dev.finch.cli.launch;

import dev.finch.failure.FinchException;
import dev.finch.model.ModelReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parses the options of a question. By hand: the class loading of an argument parser costs more
 * than the whole way to the prompt may take.
 */
public final class AskArguments {

  private static final double HOTTEST = 2;

  private final Map<AskOption, List<String>> values = new EnumMap<>(AskOption.class);
  private final List<String> words = new ArrayList<>();

  private AskArguments() {}

  /**
   * Reads the arguments; everything after {@code --} is part of the question.
   *
   * @throws UsageException where they make no sense
   */
  public static AskOptions parse(List<String> arguments) {
    AskArguments parsed = new AskArguments();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        parsed.words.addAll(arguments.subList(i + 1, arguments.size()));
        break;
      }
      if (argument.startsWith("-") && argument.length() > 1 && !looksLikeText(argument)) {
        i += parsed.option(argument, i + 1 < arguments.size() ? arguments.get(i + 1) : null);
      } else {
        parsed.words.add(argument);
      }
    }
    return parsed.options();
  }

  // "-5 + 3 is?" and "- what is this list?" are questions; "--system=Be brief" is an option.
  private static boolean looksLikeText(String argument) {
    int space = argument.indexOf(' ');
    int equals = argument.indexOf('=');
    boolean spaceInName = space > 0 && (equals < 0 || space < equals);
    return Character.isDigit(argument.charAt(1)) || spaceInName;
  }

  /** Takes one option; gives how many further arguments it used. */
  private int option(String argument, @Nullable String next) {
    int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
    String name = equals < 0 ? argument : argument.substring(0, equals);
    AskOption option = AskOption.named(name);
    if (option == null) {
      throw new UsageException(
          "Unknown option "
              + name
              + ". `finch --help` lists them; put -- before a question that"
              + " begins with a dash.");
    }
    List<String> taken = values.computeIfAbsent(option, _ -> new ArrayList<>());
    if (option.label() == null) {
      if (equals >= 0) {
        throw new UsageException(name + " takes no value.");
      }
      return 0;
    }
    String value = equals >= 0 ? argument.substring(equals + 1) : next;
    if (value == null) {
      throw new UsageException(name + " needs a value: " + option.description() + ".");
    }
    if (!option.repeatable() && !taken.isEmpty()) {
      throw new UsageException(name + " stands more than once.");
    }
    taken.add(value);
    return equals >= 0 ? 0 : 1;
  }

  private AskOptions options() {
    if (has(AskOption.LOCAL) && has(AskOption.CLOUD)) {
      throw new UsageException("--local and --cloud exclude each other.");
    }
    if (has(AskOption.STREAM) && !has(AskOption.JSON)) {
      throw new UsageException("--stream goes with --json; text is streamed anyway.");
    }
    return new AskOptions(
        String.join(" ", words),
        parsed(AskOption.MODEL, AskArguments::reference),
        has(AskOption.LOCAL),
        has(AskOption.CLOUD),
        has(AskOption.WAIT),
        parsed(AskOption.SYSTEM, text -> text),
        parsed(AskOption.TEMPERATURE, AskArguments::temperature),
        parsed(AskOption.SEED, Long::valueOf),
        parsed(AskOption.MAX_TOKENS, AskArguments::tokens),
        all(AskOption.STOP),
        parsed(AskOption.SCHEMA, text -> text),
        all(AskOption.FILE),
        has(AskOption.JSON),
        has(AskOption.STREAM),
        all(AskOption.ACCEPT_LICENSE),
        parsed(AskOption.SERVER, text -> text),
        has(AskOption.QUIET),
        has(AskOption.VERBOSE),
        has(AskOption.HELP),
        has(AskOption.VERSION));
  }

  private boolean has(AskOption option) {
    return values.containsKey(option);
  }

  private List<String> all(AskOption option) {
    return values.getOrDefault(option, List.of());
  }

  private <T> @Nullable T parsed(AskOption option, Function<String, T> parser) {
    List<String> given = all(option);
    if (given.isEmpty()) {
      return null;
    }
    String value = given.getFirst();
    try {
      return parser.apply(value);
    } catch (NumberFormatException e) {
      throw new UsageException(
          option.names().getLast() + ": " + value + " (expected: " + option.expected() + ").");
    }
  }

  /** Double reads more than numbers that people write: NaN, 0x1p0, 1f. */
  public static double number(String text) {
    if (!text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
      throw new NumberFormatException();
    }
    return Double.parseDouble(text);
  }

  /** Throws {@link NumberFormatException} where it is none from 0 to 2. */
  public static double temperature(String text) {
    double value = number(text);
    if (!(value >= 0 && value <= HOTTEST)) {
      throw new NumberFormatException();
    }
    return value;
  }

  /** Throws {@link NumberFormatException} where it is no whole number from 1. */
  public static int tokens(String text) {
    int value = Integer.parseInt(text);
    if (value < 1) {
      throw new NumberFormatException();
    }
    return value;
  }

  private static ModelReference reference(String text) {
    try {
      return ModelReference.parse(text);
    } catch (FinchException e) {
      throw new UsageException(e.failure().describe());
    }
  }
}
