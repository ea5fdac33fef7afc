package dev.finch.engine.text;

import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * What a template can reach from a value: keys of dictionaries, items of lists, characters of text,
 * Python's methods of these, the loop variable, filters and tests. Everything else is undefined, so
 * a model file cannot reach a Java object.
 */
final class TemplateAccess extends ELResolver {

  private static final Set<String> LOOP =
      Set.of(
          "index", "index0", "first", "last", "length", "revindex", "revindex0", "depth", "depth0");

  private final JinjavaBeanELResolver beans = new JinjavaBeanELResolver(true);

  @Override
  public @Nullable Object getValue(ELContext context, Object base, Object property) {
    context.setPropertyResolved(true);
    String name = String.valueOf(property);
    return switch (base) {
      case Map<?, ?> map -> map.get(name);
      case List<?> list -> item(name, list.size(), list::get);
      case Map.Entry<?, ?> pair -> item(name, 2, i -> i == 0 ? pair.getKey() : pair.getValue());
      case CharSequence text -> item(name, text.length(), i -> String.valueOf(text.charAt(i)));
      case ForLoop loop when LOOP.contains(name) -> beans.getValue(context, loop, name);
      case ForLoop _ -> throw new UnsupportedOperationException("the template uses loop." + name);
      default -> null;
    };
  }

  private interface Items {
    @Nullable Object get(int index);
  }

  private static @Nullable Object item(String index, int size, Items items) {
    int at;
    try {
      at = Integer.parseInt(index);
    } catch (NumberFormatException notAnIndex) {
      return null;
    }
    int position = at < 0 ? at + size : at;
    return position >= 0 && position < size ? items.get(position) : null;
  }

  @Override
  @SuppressWarnings("unchecked") // the library passes a filter's named arguments as a map
  public @Nullable Object invoke(
      ELContext context,
      Object base,
      Object method,
      Class<?> @Nullable [] types,
      Object @Nullable [] parameters) {
    Object[] arguments = parameters == null ? new Object[0] : parameters;
    context.setPropertyResolved(true);
    return switch (base) {
      case Filter filter when method.equals("filter") ->
          filter.filter(
              arguments[0],
              (JinjavaInterpreter) arguments[1],
              (Object[]) arguments[2],
              (Map<String, Object>) arguments[3]);
      case ExpTest test -> beans.invoke(context, test, method, types, arguments);
      case ForLoop loop when method.equals("cycle") -> arguments[cycle(loop, arguments.length)];
      case null, default ->
          PythonMethods.call(base, String.valueOf(method), Arrays.asList(arguments));
    };
  }

  private static int cycle(ForLoop loop, int count) {
    return loop.getIndex0() % count;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    context.setPropertyResolved(true);
    return Object.class;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    throw new UnsupportedOperationException("a template may not change a value");
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public @Nullable Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }

  @Override
  public @Nullable Iterator<FeatureDescriptor> getFeatureDescriptors(
      ELContext context, Object base) {
    return null;
  }
}
