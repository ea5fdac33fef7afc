package dev.finch.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** The real engines, with the times at which their decode steps began and ended. Thread-safe. */
final class TimedSteps implements EngineFactory {

  /** A step, on the clock of {@link System#nanoTime}. */
  record Step(long begun, long ended) {
    double millis() {
      return (ended - begun) / 1e6;
    }
  }

  private final List<Step> steps = new CopyOnWriteArrayList<>();

  @Override
  public Engine load(Plan plan, Progress progress) {
    Engine engine = TinyChat.engines().load(plan, progress);
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (_, method, arguments) -> timed(engine, method, arguments));
  }

  private Object timed(Engine engine, Method method, Object[] arguments) throws Throwable {
    long begun = System.nanoTime();
    try {
      return method.invoke(engine, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      if (method.getName().equals("decode")) {
        steps.add(new Step(begun, System.nanoTime()));
      }
    }
  }

  List<Step> all() {
    return List.copyOf(steps);
  }

  /** Waits until that many more steps have been done. */
  void awaitMore(int count) {
    int wanted = steps.size() + count;
    while (steps.size() < wanted) {
      LockSupport.parkNanos(100_000);
    }
  }
}
