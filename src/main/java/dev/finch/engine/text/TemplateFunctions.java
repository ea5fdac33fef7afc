package dev.finch.engine.text;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.lang.reflect.Method;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

/** The functions that Hugging Face's templates expect beside Jinja's own. */
final class TemplateFunctions {

  private TemplateFunctions() {}

  static ELFunctionDefinition raiseException() {
    return function("raise_exception", "raise");
  }

  static ELFunctionDefinition strftimeNow() {
    return function("strftime_now", "now");
  }

  private static ELFunctionDefinition function(String name, String method) {
    try {
      Method target = TemplateFunctions.class.getDeclaredMethod(method, Object.class);
      target.setAccessible(true);
      return new ELFunctionDefinition("", name, target);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(method, e);
    }
  }

  /** A template's own way to refuse a conversation. */
  @SuppressWarnings({"unused", "DoNotCallSuggester"}) // called by templates
  static Object raise(Object message) {
    throw Jinja.refuse(String.valueOf(message));
  }

  /** The local date and time in a C format. */
  @SuppressWarnings("unused") // called by templates
  static Object now(Object format) {
    long millis =
        JinjavaInterpreter.getCurrent().getConfig().getDateTimeProvider().getCurrentTimeMillis();
    return StrftimeFormatter.format(
        Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()),
        String.valueOf(format),
        Locale.US);
  }
}
