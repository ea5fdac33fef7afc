package dev.finch.http;

import dev.finch.Finch;
import dev.finch.inference.AnswerEvent;

/**
 * What is counted of answers and given at {@code /metrics}. Micrometer counts where a host has it
 * on its class path, and nothing does where it has not. Thread-safe.
 */
interface Metrics extends Dialect {

  /** One answer as it is counted; for one stream. */
  interface Watch {

    void seen(AnswerEvent event);

    /** The stream is over; without a terminal event its client left. */
    void ended();
  }

  /** An answer was asked for. */
  Watch begun();

  static Metrics of(Finch finch, Admission admission) {
    return canCount(Metrics.class.getClassLoader())
        ? new PrometheusMetrics(finch, admission)
        : new NoMetrics();
  }

  /** Whether Micrometer's Prometheus registry is where this loader looks. */
  static boolean canCount(ClassLoader loader) {
    try {
      Class.forName("io.micrometer.prometheusmetrics.PrometheusMeterRegistry", false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
