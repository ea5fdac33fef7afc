package dev.finch.http;

import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.WhenNotReady;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a call wishes in Finch's own headers. A header may come twice and say the same; where it
 * says two things the call is refused, since either of them could be meant, and one may be that
 * nothing leaves this machine.
 */
final class FinchHeaders {

  private static final String PRIVACY = "X-Finch-Privacy";
  private static final String WHEN_NOT_READY = "X-Finch-When-Not-Ready";

  private FinchHeaders() {}

  /** What the header says, or {@code LOCAL_FIRST}. */
  static Privacy privacy(Call call) {
    Privacy wished = choice(call, PRIVACY, Privacy.class);
    return wished == null ? Privacy.LOCAL_FIRST : wished;
  }

  /** What the header says, or {@code FORWARD}. */
  static WhenNotReady whenNotReady(Call call) {
    WhenNotReady wished = choice(call, WHEN_NOT_READY, WhenNotReady.class);
    return wished == null ? WhenNotReady.FORWARD : wished;
  }

  /** The request with what headers say of it: never less strict than it was. */
  static GenerateRequest.Builder kept(Call call, GenerateRequest request) {
    WhenNotReady wait = choice(call, WHEN_NOT_READY, WhenNotReady.class);
    return request.toBuilder()
        .privacy(strictest(privacy(call), request.privacy()))
        .whenNotReady(wait == null ? request.whenNotReady() : wait);
  }

  /** {@code LOCAL_ONLY} wins over everything; then what was asked for, over the default. */
  static Privacy strictest(Privacy a, Privacy b) {
    if (a == Privacy.LOCAL_ONLY || b == Privacy.LOCAL_ONLY) {
      return Privacy.LOCAL_ONLY;
    }
    return a == Privacy.LOCAL_FIRST ? b : a;
  }

  private static <E extends Enum<E>> @Nullable E choice(Call call, String header, Class<E> type) {
    E chosen = null;
    for (String value : call.headers(header)) {
      for (String each : value.split(",", -1)) {
        E next = one(header, each.strip(), type);
        if (chosen != null && next != chosen) {
          throw Refusals.badRequest(
              "%s: both %s and %s (expected: one of them)."
                  .formatted(header, name(chosen), name(next)));
        }
        chosen = next;
      }
    }
    return chosen;
  }

  private static <E extends Enum<E>> E one(String header, String value, Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = name(constant);
      if (name.equalsIgnoreCase(value.replace('_', '-'))) {
        return constant;
      }
      names.add(name);
    }
    throw Refusals.badRequest(
        header + ": " + Replies.ascii(value) + " (expected: " + String.join(", ", names) + ").");
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
