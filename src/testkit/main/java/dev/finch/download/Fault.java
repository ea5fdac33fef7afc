package dev.finch.download;

import java.util.Map;

/**
 * Something that goes wrong with one answer of the {@link LoopbackHub}.
 *
 * @param kind what
 * @param number bytes, an offset, a rate or a status, as the kind says
 * @param headers that a status comes with
 */
public record Fault(Kind kind, long number, Map<String, String> headers) {

  public enum Kind {
    NONE,
    /** The connection is closed after so many body bytes. */
    FIN,
    /** It is reset after so many body bytes. */
    RST,
    /** Nothing more comes after so many body bytes. */
    STALL,
    /** So many bytes come in a second. */
    SLOW,
    /** The byte at this offset of the file is another one. */
    CORRUPT,
    /** The whole answer is consistently shorter by so many bytes. */
    SHORT,
    IGNORE_RANGE,
    /** Another range than the one asked for, so many bytes later, and said so. */
    WRONG_RANGE,
    /** Chunked transfer encoding, no length. */
    CHUNKED,
    /** No length; the end of the connection is the end of the body. */
    NO_LENGTH,
    GZIP,
    /** A login page with status 200. */
    HTML,
    /** The Hub names another hash. */
    WRONG_ETAG,
    STATUS,
    /** The answer comes so many milliseconds later. */
    LATE
  }

  public static final Fault NONE = of(Kind.NONE, 0);

  public static Fault of(Kind kind, long number) {
    return new Fault(kind, number, Map.of());
  }

  public static Fault status(int status, String... headers) {
    Map<String, String> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return new Fault(Kind.STATUS, status, map);
  }
}
