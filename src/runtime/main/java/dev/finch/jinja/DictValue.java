package dev.finch.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A dictionary in the order of its making. Templates cannot change one. */
final class DictValue {

  /** By {@link Keys}, under which 1, 1.0 and True are the same. */
  private final Map<Object, Object> values;

  /** Keys that look otherwise than what stands for them. */
  private final Map<Object, Object> originals = new HashMap<>(0);

  DictValue(int size) {
    values = LinkedHashMap.newLinkedHashMap(size);
  }

  void put(String key, Object value) {
    values.put(key, value);
  }

  void put(Rendering rendering, Object key, Object value) {
    Object normal = Keys.of(rendering, key);
    if (!Comparison.identical(normal, key) && !values.containsKey(normal)) {
      originals.put(normal, key);
    }
    values.put(normal, value);
  }

  @Nullable Object get(Object normalKey) {
    return values.get(normalKey);
  }

  boolean contains(Object normalKey) {
    return values.containsKey(normalKey);
  }

  int size() {
    return values.size();
  }

  void forEach(BiConsumer<Object, Object> action) {
    values.forEach((key, value) -> action.accept(original(key), value));
  }

  private Object original(Object key) {
    return originals.isEmpty() ? key : originals.getOrDefault(key, key);
  }

  List<Object> keys() {
    List<Object> keys = new ArrayList<>(values.size());
    values.keySet().forEach(key -> keys.add(original(key)));
    return keys;
  }

  List<Object> values() {
    return new ArrayList<>(values.values());
  }

  List<Object> items() {
    List<Object> items = new ArrayList<>(values.size());
    forEach((key, value) -> items.add(new SequenceValue.TupleValue(key, value)));
    return items;
  }

  Map<Object, Object> byNormalKey() {
    return values;
  }
}
