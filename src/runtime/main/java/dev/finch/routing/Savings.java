package dev.finch.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What local answers would have cost at Claude's price: sums, appended now and then to {@code
 * savings.jsonl} in the state directory. Blocking, thread-safe, shared with other processes.
 */
final class Savings {

  /** A sum over local answers. */
  record Sum(long answers, long tokens, long microDollars) {
    static final Sum NONE = new Sum(0, 0, 0);

    Sum plus(Sum other) {
      return new Sum(
          SaturatingMath.plus(answers, other.answers),
          SaturatingMath.plus(tokens, other.tokens),
          SaturatingMath.plus(microDollars, other.microDollars));
    }
  }

  private final Journal journal;

  Savings(Path directory) {
    this.journal = new Journal(directory.resolve("savings.jsonl"));
  }

  void add(Sum sum, Instant now) throws IOException {
    ObjectNode node = LedgerLine.JSON.createObjectNode();
    node.put("at", now.toString());
    node.put("answers", sum.answers());
    node.put("tokens", sum.tokens());
    node.put("micro_dollars", sum.microDollars());
    journal.exclusively(
        held -> {
          held.append(List.of(node.toString()));
          return sum;
        });
  }

  Sum total() throws IOException {
    if (!Files.exists(journal.file())) {
      return Sum.NONE;
    }
    Sum[] total = {Sum.NONE};
    try (InputStream in = Files.newInputStream(journal.file())) {
      BoundedLines.read(in, line -> total[0] = total[0].plus(parse(line)));
    }
    return total[0];
  }

  private static Sum parse(String line) {
    try {
      JsonNode node = LedgerLine.JSON.readTree(line);
      return new Sum(
          LedgerLine.amount(node, "answers"),
          LedgerLine.amount(node, "tokens"),
          LedgerLine.amount(node, "micro_dollars"));
    } catch (JsonProcessingException e) {
      return Sum.NONE;
    }
  }
}
