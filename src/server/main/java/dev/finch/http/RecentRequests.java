package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the latest requests, for those who hold an {@code X-Request-Id}: who answered and
 * how it ended, never what was said. Thread-safe.
 */
final class RecentRequests {

  private static final int KEPT = 1000;

  private static final class Fate {
    private final String caller;
    private final Instant at = Instant.now();
    private @Nullable Provenance provenance;
    private AnswerEvent.@Nullable Terminal end;
    private boolean over;

    Fate(String caller) {
      this.caller = caller;
    }
  }

  private final Map<String, Fate> entries =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Fate> eldest) {
          return size() > KEPT;
        }
      };

  synchronized void begun(String id, String caller) {
    entries.put(id, new Fate(caller));
  }

  synchronized void seen(String id, AnswerEvent event) {
    Fate entry = entries.get(id);
    if (entry == null) {
      return;
    }
    if (event instanceof AnswerEvent.Started started) {
      entry.provenance = started.provenance();
    } else if (event instanceof AnswerEvent.Terminal terminal) {
      entry.end = terminal;
    }
  }

  /** Nothing more comes of it; without a terminal event its client left. */
  synchronized void over(String id) {
    Fate entry = entries.get(id);
    if (entry != null) {
      entry.over = true;
    }
  }

  /**
   * The request's fate as JSON, or null where it is not known any more, or not to this caller.
   *
   * @param caller whose request it must be, or null for any
   */
  synchronized @Nullable ObjectNode describe(String id, @Nullable String caller) {
    Fate entry = entries.get(id);
    if (entry == null || (caller != null && !caller.equals(entry.caller))) {
      return null;
    }
    ObjectNode json = Json.object().put("id", id).put("at", entry.at.toString());
    Provenance who = entry.provenance;
    json.put("servedBy", who == null ? "pending" : Replies.servedBy(who));
    if (who != null) {
      json.put("model", who.model()).put("routeReason", who.reason().name());
      json.put("demonstration", who.demonstration());
    }
    switch (entry.end) {
      case null -> json.put("state", entry.over ? "abandoned" : "running");
      case AnswerEvent.Failed failed -> {
        json.put("state", "failed").put("code", failed.failure().code().name());
        json.put("message", failed.failure().describe());
      }
      case AnswerEvent.Finished finished -> {
        json.put("state", "finished").put("finishReason", finished.reason().name());
        json.put("promptTokens", finished.usage().promptTokens());
        json.put("cachedTokens", finished.usage().cachedTokens());
        json.put("completionTokens", finished.usage().completionTokens());
        json.put("firstTokenMillis", finished.timings().firstToken().toMillis());
        json.put("totalMillis", finished.timings().total().toMillis());
        json.put("microDollars", finished.cost().microDollars().orElse(0));
      }
    }
    return json;
  }
}
