package dev.finch.engine.grammar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Schemas that some value meets, as tools write them. The list was made before the work on what is
 * accepted began; {@code src/runtime/test/python/schema_list.py} holds its tables.
 */
public final class SatisfiableSchemas {

  static final String SHA_256 = "9cc3805fbe4efacdf28d39a4027b226be6e7a8d809476f11d82f9a7f43eddb01";

  private static final String SCHEMA = "\",\"schema\":";

  /**
   * One of the list.
   *
   * @param origin the tool whose manner it is written in
   * @param schema as text
   */
  public record Listed(int number, String origin, String schema) {}

  private SatisfiableSchemas() {}

  static byte[] bytes() throws IOException {
    try (InputStream in = SatisfiableSchemas.class.getResourceAsStream("satisfiable.jsonl")) {
      return in.readAllBytes();
    }
  }

  static String hash(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The list in its order. */
  public static List<Listed> all() throws IOException {
    List<Listed> all = new ArrayList<>();
    for (String line : new String(bytes(), StandardCharsets.UTF_8).lines().toList()) {
      int schema = line.indexOf(SCHEMA);
      String origin = line.substring("{\"origin\":\"".length(), schema);
      String text = line.substring(schema + SCHEMA.length(), line.length() - 1);
      all.add(new Listed(all.size(), origin, text));
    }
    return all;
  }
}
