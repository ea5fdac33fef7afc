package dev.finch.claude;

/**
 * A revision of the Messages API, named in the {@code anthropic-version} header. Finch's requests
 * are valid in each: what the later one removed (sampling parameters), Finch does not send there.
 */
public enum ApiVersion {
  /** Known to every gateway and proxy. */
  V2023_06_01("2023-06-01"),
  /** Without sampling parameters. */
  V2026_10_21("2026-10-21");

  private final String header;

  ApiVersion(String header) {
    this.header = header;
  }

  /** The header's value. */
  public String header() {
    return header;
  }

  /**
   * The revision with this date.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static ApiVersion parse(String date) {
    for (ApiVersion version : values()) {
      if (version.header.equals(date)) {
        return version;
      }
    }
    throw new IllegalArgumentException("2023-06-01 or 2026-10-21");
  }
}
