package dev.finch.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of one scope, as Jinja2's compiler sees them: every name of a scope is known before its
 * first statement runs, wherever it is set.
 */
final class Symbols {

  private static final long COPY_LIMIT = 5_000_000;

  /** What becomes one function, with variables of its own. */
  static final class Functions {
    private final @Nullable Functions outer;
    private final Map<String, Integer> indexes = new HashMap<>();
    private long copied;

    Functions(@Nullable Functions outer) {
      this.outer = outer;
    }

    /** Copying the names for each branch must not take for ever. */
    private void copied(int names) {
      Functions root = this;
      while (root.outer != null) {
        root = root.outer;
      }
      root.copied += names;
      if (root.copied > COPY_LIMIT) {
        throw new TemplateException(
            TemplateException.Kind.EXHAUSTED, "the template has too many names and branches", 1, 1);
      }
    }

    int index(int level, String name) {
      return indexes.computeIfAbsent(level + " " + name, _ -> indexes.size());
    }

    int size() {
      return indexes.size();
    }

    int hopsTo(Functions other) {
      int hops = 0;
      for (Functions f = this; f != null && f != other; f = f.outer) {
        hops++;
      }
      return hops;
    }
  }

  /** A variable. */
  record Ref(Functions function, int index) {}

  private record Load(Scope.Kind kind, String name, @Nullable Ref outer) {}

  private final Functions function;
  private final @Nullable Symbols parent;
  private final int level;
  private Map<String, Ref> refs = new HashMap<>();
  private Map<Ref, Load> loads = new LinkedHashMap<>();
  private Set<String> stores = new HashSet<>();

  Symbols(Functions function, @Nullable Symbols parent) {
    this.function = function;
    this.parent = parent;
    this.level = parent == null ? 0 : parent.level + 1;
  }

  Functions function() {
    return function;
  }

  /** The same, to be changed by one branch of an {@code if}. */
  Symbols branch() {
    function.copied(refs.size());
    Symbols branch = new Symbols(function, parent);
    branch.refs = new HashMap<>(refs);
    branch.loads = new LinkedHashMap<>(loads);
    branch.stores = new HashSet<>(stores);
    return branch;
  }

  @Nullable Ref find(String name) {
    for (Symbols symbols = this; symbols != null; symbols = symbols.parent) {
      Ref ref = symbols.refs.get(name);
      if (ref != null) {
        return ref;
      }
    }
    return null;
  }

  private Ref define(String name, Scope.Kind kind, @Nullable Ref outer) {
    Ref ref = new Ref(function, function.index(level, name));
    refs.put(name, ref);
    loads.put(ref, new Load(kind, name, outer));
    return ref;
  }

  void store(String name) {
    stores.add(name);
    if (!refs.containsKey(name)) {
      Ref outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? Scope.Kind.UNDEFINED : Scope.Kind.OUTER, outer);
    }
  }

  Ref parameter(String name) {
    stores.add(name);
    return define(name, Scope.Kind.PARAMETER, null);
  }

  void load(String name) {
    if (find(name) == null) {
      define(name, Scope.Kind.GIVEN, null);
    }
  }

  /** What is set in some branches only may be what it was before. */
  void merge(List<Symbols> branches) {
    Map<String, Integer> stored = new LinkedHashMap<>();
    for (Symbols branch : branches) {
      for (String name : branch.stores) {
        if (!stores.contains(name)) {
          stored.merge(name, 1, Integer::sum);
        }
      }
    }
    for (Symbols branch : branches) {
      refs.putAll(branch.refs);
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    stored.forEach(
        (name, count) -> {
          Ref ref = refs.get(name);
          if (count < branches.size() && ref != null) {
            Ref outer = parent == null ? null : parent.find(name);
            loads.put(
                ref,
                outer == null
                    ? new Load(Scope.Kind.GIVEN, name, null)
                    : new Load(Scope.Kind.OUTER, name, outer));
          }
        });
  }

  /** Names that are set here or further out. */
  Set<String> visible() {
    Set<String> names = new HashSet<>();
    for (Symbols symbols = this; symbols != null; symbols = symbols.parent) {
      names.addAll(symbols.stores);
    }
    return names;
  }

  void place(Slot slot, String name) {
    Ref ref = find(name);
    if (ref == null) {
      throw new IllegalStateException("unresolved name: " + name);
    }
    place(slot, ref);
  }

  void place(Slot slot, Ref ref) {
    slot.hops = function.hopsTo(ref.function);
    slot.index = ref.index;
    slot.exported = parent == null;
  }

  /** Writes down what entering this scope does; the function's size is known only at its end. */
  void finish(Scope scope) {
    List<Scope.Start> starts = new ArrayList<>();
    loads.forEach(
        (ref, load) -> {
          Slot outer = new Slot();
          if (load.outer != null) {
            place(outer, load.outer);
          }
          if (ref.function == function) {
            starts.add(new Scope.Start(ref.index, load.kind, load.name, outer));
          }
        });
    scope.starts = starts;
  }
}
